package dev.kapal.agent.pod;

import dev.kapal.agent.cri.CriException;
import dev.kapal.base.log.Log;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;

/// The life of one pod on this node, on one thread: admit it, keep it as its spec asks, end it, wait until it is
/// deleted,
/// clean up. Everything it needs to know is in the API and in the runtime, so a worker that starts anew (the agent was
/// killed) goes on where the last one was.
///
/// The agent's own end interrupts the thread; the containers run on.
final class PodWorker {
    private static final Log log = Log.of(PodWorker.class);

    private final PodKey key;
    private final PodTools tools;
    private final Inbox inbox;
    private final Retry retry = new Retry();
    private final PodView view;
    private final PodSync sync;
    private volatile boolean removed;
    private boolean over;

    PodWorker(Pod pod, PodTools tools) {
        this.key = PodKey.of(pod);
        this.tools = tools;
        this.inbox = new Inbox(tools.time(), tools.life(), key.namespace() + "/" + key.name());
        this.view = new PodView(pod, tools, inbox::wake);
        this.sync = new PodSync(tools, view, inbox, retry);
    }

    // ---- what others tell the worker; any thread

    /// The API's newest version of the pod.
    void update(Pod newer) {
        var older = view.pod();
        view.want(newer);
        boolean endsNow = Grace.isDeleted(newer) && !Grace.isDeleted(older);
        boolean endsSooner = Grace.isDeleted(newer) && Grace.of(newer).compareTo(Grace.of(older)) < 0;
        if (endsNow || endsSooner) {
            inbox.interrupt();
        } else {
            inbox.wake();
        }
    }

    /// The API has the pod no more.
    void remove() {
        removed = true;
        inbox.interrupt();
    }

    /// The node gives the pod up, at once.
    void evict(String reason, String message) {
        if (view.ending().isPresent() || Phases.isTerminal(view.status().getPhase())) {
            return;
        }
        tools.events().warning(view.pod(), "", reason, message);
        view.end(reason, message);
        inbox.interrupt();
    }

    /// Something in the runtime has changed.
    void wake() {
        inbox.wake();
    }

    /// The pod with the status that the API is being told.
    Pod sight() {
        return view.podWithStatus();
    }

    ObservedPod observed() {
        return view.observed();
    }

    // ---- the pod's life; the worker's thread

    void run() throws InterruptedException {
        try {
            live();
            end();
            awaitDeletion();
            cleanUp();
        } finally {
            view.close();
            inbox.close();
            tools.admission().release(key);
        }
    }

    private void live() throws InterruptedException {
        persist(view::look);
        if (mustEnd()) {
            return;
        }
        if (!view.observed().sandboxes().isEmpty()) {
            tools.admission().adopt(view.pod());
            sync.adopt();
        } else if (!isAdmitted()) {
            return;
        }
        tools.volumes().follow(view.pod(), inbox::wake);
        view.report();
        boolean seenAll = true;
        while (!mustEnd()) {
            boolean fresh = seenAll;
            var step = new PodSync.Step[] {PodSync.Step.SETTLED};
            boolean whole = inbox.runInterruptibly(() -> step[0] = stepOrRetry(fresh));
            seenAll = whole && step[0] == PodSync.Step.ACTED;
            over = step[0] == PodSync.Step.OVER;
            if (whole && step[0] == PodSync.Step.SETTLED && !mustEnd()) {
                inbox.await();
            }
        }
    }

    private boolean isAdmitted() {
        var refusal = tools.admission().admit(view.pod());
        refusal.ifPresent(why -> {
            tools.events().warning(view.pod(), "", why.reason(), why.message());
            log.info("pod rejected", "pod", key, "reason", why.reason());
            view.reject(new Sight.Ending(why.reason(), "Pod was rejected: " + why.message()));
        });
        return refusal.isEmpty();
    }

    private boolean mustEnd() {
        return removed
                || over
                || Grace.isDeleted(view.pod())
                || view.ending().isPresent()
                || Phases.isTerminal(view.status().getPhase());
    }

    private PodSync.Step stepOrRetry(boolean seenAll) throws InterruptedException {
        try {
            var step = sync.step(seenAll);
            if (step == PodSync.Step.ACTED) {
                retry.reset();
            }
            return step;
        } catch (RuntimeException failure) {
            retryLater(failure);
            return PodSync.Step.SETTLED;
        }
    }

    // ---- the end

    private void end() throws InterruptedException {
        if (removed && !Grace.isDeleted(view.pod())) {
            log.info("pod was deleted by force", "pod", key);
        }
        view.enter(Sight.Stage.TERMINATING);
        view.report();
        persist(this::stopAll);
        tools.admission().release(key);
        view.enter(Sight.Stage.ENDED);
        view.report();
        persist(() -> {
            tools.volumes().unmount(key);
            tools.cgroups().remove(Qos.of(view.pod()).cgroupOf(key.uid()));
        });
    }

    private void stopAll() throws InterruptedException {
        view.look();
        var running = view.observed().running();
        var pod = view.pod();
        tools.killer().killAll(pod, running, view.podIp(), Grace.of(pod), view::lookAndReport);
        for (var sandbox : view.observed().sandboxes()) {
            tools.runtime().stopPodSandbox(sandbox.id());
        }
        view.look();
    }

    /// A pod that has run to its end stays in the API, and its containers here, until somebody deletes it.
    private void awaitDeletion() throws InterruptedException {
        while (!removed && !Grace.isDeleted(view.pod())) {
            inbox.await();
        }
        if (!removed) {
            view.report();
            view.flush();
            persist(() -> {
                // the news of its own success may have cut the first try short
                if (!removed) {
                    tools.api().delete(key);
                }
            });
        }
        while (!removed) {
            // finalizers of others may keep the object for a while
            inbox.await();
        }
    }

    private void cleanUp() throws InterruptedException {
        persist(() -> {
            for (var sandbox : view.observed().sandboxes()) {
                tools.runtime().removePodSandbox(sandbox.id());
            }
        });
        PodFiles.deleteTree(tools.dirs().of(key));
        PodFiles.deleteTree(tools.dirs().logs(key));
        log.info("pod gone", "pod", key);
    }

    private interface Deed {
        void run() throws IOException, InterruptedException;
    }

    /// Does it again until it succeeds. An interruption by the pod's own news (a shorter grace period) begins it anew.
    private void persist(Deed deed) throws InterruptedException {
        while (true) {
            var done = new boolean[1];
            boolean whole = inbox.runInterruptibly(() -> done[0] = succeeds(deed));
            if (done[0]) {
                retry.reset();
                return;
            }
            if (whole) {
                inbox.await();
            }
        }
    }

    private boolean succeeds(Deed deed) throws InterruptedException {
        try {
            deed.run();
            return true;
        } catch (IOException | RuntimeException failure) {
            retryLater(failure);
            return false;
        }
    }

    /// What the runtime or the API server refuses is expected to pass; anything else is our fault and told in full.
    private void retryLater(Exception failure) throws InterruptedException {
        if (tools.life().isClosed()) {
            throw new InterruptedException();
        }
        if (failure instanceof CriException || failure instanceof IOException) {
            log.warn("pod waits for another try", "pod", key, "cause", failure.getMessage());
        } else {
            log.error("pod waits for another try", failure, "pod", key);
        }
        inbox.wakeIn(retry.pause());
    }
}
