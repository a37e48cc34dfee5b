package dev.kapal.agent.probe;

import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All probes of one running container: one thread each, and what they say together. Made when the container runs,
/// closed
/// when it does not any more. Any thread may read the verdict.
///
/// Source: Probe API; Kubernetes documentation, "Configure Liveness, Readiness and Startup Probes".
final class ContainerProbes implements AutoCloseable {
    private static final int MOST_ERRORS = 3;

    private final Target target;
    private final Checks checks;
    private final Time time;
    private final ProbeEvents events;
    private final Runnable onChange;
    private final List<Thread> threads = new ArrayList<>();
    /// Guarded by this; waited for by the probes that the startup probe holds back.
    private Verdict verdict;

    ContainerProbes(Target target, Checks checks, Time time, ProbeEvents events, Runnable onChange) {
        this.target = target;
        this.checks = checks;
        this.time = time;
        this.events = events;
        this.onChange = onChange;
        this.verdict = target.before();
    }

    void start(Life life) {
        for (var kind : target.kinds()) {
            threads.add(life.spawn(
                    "probe/" + kind.lower() + "/" + target.spec().getName() + "/" + target.containerId(),
                    () -> run(kind)));
        }
    }

    synchronized Verdict verdict() {
        return verdict;
    }

    /// Liveness does not matter for a pod that ends; readiness does, as long as it still serves.
    synchronized void endLiveness() {
        for (int i = 0; i < threads.size(); i++) {
            if (target.kinds().get(i) != ProbeKind.READINESS) {
                threads.get(i).interrupt();
            }
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    private void run(ProbeKind kind) throws InterruptedException {
        var probe = probe(kind);
        var check = checks.of(probe, target.spec(), target.containerId(), target.podIp());
        var threshold = new Threshold(orOne(probe.getSuccessThreshold()), orThree(probe.getFailureThreshold()));
        var period = Duration.ofSeconds(probe.getPeriodSeconds() == null ? 10 : probe.getPeriodSeconds());
        var timeout = Duration.ofSeconds(orOne(probe.getTimeoutSeconds()));
        if (kind == ProbeKind.STARTUP && verdict().started()) {
            return;
        }
        var delay = probe.getInitialDelaySeconds() == null ? 0 : probe.getInitialDelaySeconds();
        time.sleep(Duration.between(now(), target.startedAt().plusSeconds(delay)));
        if (kind != ProbeKind.STARTUP) {
            awaitStarted();
        }
        while (!isDone(kind)) {
            long began = time.nanos();
            var said = count(kind, ask(kind, check, timeout), threshold);
            said.ifPresent(success -> apply(kind, success));
            if (isDone(kind)) {
                return;
            }
            time.sleep(period.minusNanos(time.nanos() - began));
        }
    }

    private Instant now() {
        return time.instant();
    }

    /// A startup probe that succeeded, and a probe that has given the container up, have nothing more to say.
    private synchronized boolean isDone(ProbeKind kind) {
        return verdict.failed().isPresent() || kind == ProbeKind.STARTUP && verdict.started();
    }

    private synchronized void awaitStarted() throws InterruptedException {
        while (!verdict.started()) {
            wait();
        }
    }

    /// A check that cannot be made is tried again at once, a few times.
    private Outcome ask(ProbeKind kind, Check check, Duration timeout) throws InterruptedException {
        Outcome outcome = check.ask(timeout);
        for (int i = 1; i < MOST_ERRORS && outcome instanceof Outcome.Broken; i++) {
            outcome = check.ask(timeout);
        }
        if (Thread.interrupted()) {
            // a check that was cut off has not failed
            throw new InterruptedException();
        }
        switch (outcome) {
            case Outcome.Success success -> {}
            case Outcome.Warning warning ->
                events.warning(target.fieldPath(), "ProbeWarning", kind.word() + " probe warning: " + warning.output());
            case Outcome.Failure failure ->
                events.warning(target.fieldPath(), "Unhealthy", kind.word() + " probe failed: " + failure.output());
            case Outcome.Broken broken ->
                events.warning(
                        target.fieldPath(),
                        "Unhealthy",
                        kind.word() + " probe errored and resulted in unknown state: " + broken.output());
        }
        return outcome;
    }

    private static Optional<Boolean> count(ProbeKind kind, Outcome outcome, Threshold threshold) {
        return switch (outcome) {
            case Outcome.Success success -> threshold.add(true);
            case Outcome.Warning warning -> threshold.add(true);
            case Outcome.Failure failure -> threshold.add(false);
            case Outcome.Broken broken -> Optional.empty();
        };
    }

    private void apply(ProbeKind kind, boolean success) {
        synchronized (this) {
            var old = verdict;
            verdict = switch (kind) {
                case READINESS -> new Verdict(old.started(), success, old.failed());
                case STARTUP, LIVENESS ->
                    success
                            ? new Verdict(true, old.ready(), old.failed())
                            : new Verdict(old.started(), old.ready(), Optional.of(kind));
            };
            if (verdict.equals(old)) {
                return;
            }
            notifyAll();
        }
        onChange.run();
    }

    private Probe probe(ProbeKind kind) {
        return switch (kind) {
            case LIVENESS -> target.spec().getLivenessProbe();
            case READINESS -> target.spec().getReadinessProbe();
            case STARTUP -> target.spec().getStartupProbe();
        };
    }

    private static int orOne(Integer value) {
        return value == null || value < 1 ? 1 : value;
    }

    private static int orThree(Integer value) {
        return value == null || value < 1 ? 3 : value;
    }
}
