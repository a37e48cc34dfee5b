package dev.kapal.client;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Lets one of several processes lead, by a Lease. Runs on one virtual thread; what leads is started when the
/// lease is won and closed when it is lost.
///
///     following ──lease free or expired, written──► leading
///         ▲                                            │ renews every `retry`
///         └──────── not renewed within `renew` ◄───────┘
///
/// Others' clocks are not trusted: a lease counts as expired when *we* have seen it unchanged for its duration.
public final class LeaderElection implements AutoCloseable {
    private static final Log log = Log.of(LeaderElection.class);

    private final Api api;
    private final Config config;
    private final Supplier<AutoCloseable> leading;
    private final Time time;
    private final Life life = new Life("leader-election");

    /// When the lease of the work that goes on was last renewed; empty while we do not lead. By `time.nanos()`.
    private volatile OptionalLong renewed = OptionalLong.empty();

    private Lease seen = new Lease();
    private long seenAt;

    /// @param lease which Lease decides
    /// @param identity who we are, different in each process
    /// @param duration how long others wait after they last saw the lease renewed
    /// @param renew how long the leader goes on without having renewed it
    /// @param retry between two tries
    public record Config(Key lease, String identity, Duration duration, Duration renew, Duration retry) {
        /// Upstream's times.
        public static Config of(Key lease, String identity) {
            return new Config(lease, identity, Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
        }

        public Config {
            if (duration.compareTo(renew) <= 0 || renew.compareTo(retry) <= 0) {
                throw new IllegalArgumentException(
                        "duration > renew > retry is not so: " + duration + ", " + renew + ", " + retry);
            }
        }
    }

    private LeaderElection(KubernetesClient client, Config config, Supplier<AutoCloseable> leading, Time time) {
        this.api = new Api(client);
        this.config = config;
        this.leading = leading;
        this.time = time;
    }

    /// @param leading starts what the leader does; closed when leadership ends
    public static LeaderElection start(
            KubernetesClient client, Config config, Supplier<AutoCloseable> leading, Time time) {
        var election = new LeaderElection(client, config, leading, time);
        election.life.start("candidate", election::run);
        return election;
    }

    /// Gives the lease up when it is ours, so that another takes over at once.
    @Override
    public void close() {
        life.close();
    }

    /// Whether our work goes on although the lease has ended for others, longer than `tolerance` ago.
    public boolean isOverdue(Duration tolerance) {
        var last = renewed;
        return last.isPresent()
                && time.nanos() - last.getAsLong()
                        > config.duration().plus(tolerance).toNanos();
    }

    private void run() throws Exception {
        while (true) {
            while (!tryToHold()) {
                time.sleep(config.retry());
            }
            renewed = OptionalLong.of(time.nanos());
            log.info("leading", "lease", config.lease(), "identity", config.identity());
            try (var work = leading.get()) {
                lead();
            } finally {
                renewed = OptionalLong.empty();
                release();
            }
            log.warn("no longer leading", "lease", config.lease(), "identity", config.identity());
        }
    }

    /// Returns when the lease is lost.
    private void lead() throws InterruptedException {
        while (time.nanos() - renewed.orElseThrow() < config.renew().toNanos()) {
            time.sleep(config.retry());
            if (tryToHold()) {
                renewed = OptionalLong.of(time.nanos());
            } else if (!isOurs(seen)) {
                return;
            }
        }
    }

    private boolean tryToHold() throws InterruptedException {
        try {
            var there = api.fetch(Lease.class, config.lease());
            if (there.isEmpty()) {
                look(api.create(held(new Lease())));
                return true;
            }
            look(there.get());
            if (!isOurs(there.get()) && !isFree(there.get())) {
                return false;
            }
            look(api.update(held(there.get())));
            return true;
        } catch (KubernetesClientException | UncheckedIOException lost) {
            log.debug("lease not held", "lease", config.lease(), "cause", lost.getMessage());
            return false;
        }
    }

    /// Notes when the lease last changed, by our clock.
    private void look(Lease lease) {
        if (!Objects.equals(seen.getSpec(), lease.getSpec())) {
            seenAt = time.nanos();
        }
        seen = lease;
    }

    private boolean isOurs(Lease lease) {
        return lease.getSpec() != null
                && config.identity().equals(lease.getSpec().getHolderIdentity());
    }

    private boolean isFree(Lease lease) {
        String holder = lease.getSpec() == null ? null : lease.getSpec().getHolderIdentity();
        return holder == null
                || holder.isEmpty()
                || time.nanos() - seenAt > config.duration().toNanos();
    }

    private Lease held(Lease before) {
        var now = ZonedDateTime.ofInstant(time.instant(), ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
        boolean ours = isOurs(before);
        var known = before.getSpec();
        int transitions = known == null || known.getLeaseTransitions() == null ? 0 : known.getLeaseTransitions();
        return new LeaseBuilder(before)
                .editOrNewMetadata()
                .withName(config.lease().name())
                .withNamespace(config.lease().namespace())
                .endMetadata()
                .editOrNewSpec()
                .withHolderIdentity(config.identity())
                .withLeaseDurationSeconds((int) config.duration().toSeconds())
                .withAcquireTime(ours ? known.getAcquireTime() : now)
                .withRenewTime(now)
                .withLeaseTransitions(ours || known == null ? transitions : transitions + 1)
                .endSpec()
                .build();
    }

    private void release() {
        if (!isOurs(seen)) {
            return;
        }
        boolean stopping = Thread.interrupted(); // one last call is allowed
        try {
            api.update(new LeaseBuilder(seen)
                    .editSpec()
                    .withHolderIdentity("")
                    .withLeaseDurationSeconds(1)
                    .endSpec()
                    .build());
        } catch (KubernetesClientException | UncheckedIOException | InterruptedException notReleased) {
            log.debug("lease not given up", "lease", config.lease(), "cause", notReleased.toString());
        }
        if (stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
