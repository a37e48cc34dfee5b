package dev.kapal.agent.pod;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.client.Json;
import dev.kapal.client.Source;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.List;

/// Brings one pod's status to the API server: the newest one, one write at a time, tried until it is there. What
/// changes
/// while a write is under way goes with the next.
///
/// The worker puts; a thread that lives as long as there is something to write does the writing.
final class StatusChannel {
    private static final Log log = Log.of(StatusChannel.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);
    /// What a patch must take away by name when it is not there any more.
    private static final List<String> REMOVABLE =
            List.of("reason", "message", "nominatedNodeName", "initContainerStatuses", "ephemeralContainerStatuses");

    private final PodKey pod;
    private final PodApi api;
    private final Time time;
    private final Life life;
    /// All guarded by this.
    private PodStatus wanted;
    private PodStatus told;
    /// What the API made of our last write, and since when.
    private OwnStatus accepted;

    private long revision;
    /// The newest version that the watch has brought.
    private Pod latest;

    private boolean writing;
    private boolean gone;

    /// `found` is what the API has now.
    StatusChannel(Pod found, PodApi api, Time time, Life life) {
        this.pod = PodKey.of(found);
        this.told = found.getStatus() == null ? new PodStatus() : found.getStatus();
        this.wanted = told;
        this.latest = found;
        accept(found);
        this.api = api;
        this.time = time;
        this.life = life;
    }

    synchronized void put(PodStatus status) {
        wanted = status;
        startWriting();
    }

    /// Says again what somebody else has changed.
    synchronized void observe(Pod newer) {
        latest = newer;
        startWriting();
    }

    private void startWriting() {
        if (!writing && !gone && hasNews()) {
            writing = true;
            life.spawn("status/" + pod.namespace() + "/" + pod.name(), this::write);
        }
    }

    private boolean hasNews() {
        if (!wanted.equals(told)) {
            return true;
        }
        boolean newer = Source.revision(latest.getMetadata().getResourceVersion()) > revision;
        return newer && !OwnStatus.of(latest).equals(accepted);
    }

    private void accept(Pod answered) {
        accepted = OwnStatus.of(answered);
        revision = Source.revision(answered.getMetadata().getResourceVersion());
    }

    /// Blocks until the API has the newest status, or has the pod no more.
    synchronized void flush() throws InterruptedException {
        while (writing) {
            wait();
        }
    }

    private void write() throws InterruptedException {
        var retry = FIRST_RETRY;
        try {
            while (true) {
                PodStatus status;
                PodStatus before;
                synchronized (this) {
                    if (gone || !hasNews()) {
                        writing = false;
                        return;
                    }
                    status = wanted;
                    before = told;
                }
                if (tryToWrite(status, before)) {
                    retry = FIRST_RETRY;
                } else {
                    time.sleep(retry);
                    retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry.multipliedBy(2);
                }
            }
        } finally {
            synchronized (this) {
                writing = false;
                notifyAll();
            }
        }
    }

    private boolean tryToWrite(PodStatus status, PodStatus before) throws InterruptedException {
        try {
            var answer = api.patchStatus(pod, patch(pod, status, before));
            synchronized (this) {
                told = status;
                gone = answer.isEmpty();
                answer.ifPresent(this::accept);
            }
            return true;
        } catch (RuntimeException failure) {
            log.warn("pod status not written", "pod", pod, "cause", failure.getMessage());
            return false;
        }
    }

    /// A strategic merge patch: conditions merge by type, so those that others own stay as they are.
    static String patch(PodKey pod, PodStatus status, PodStatus before) {
        var mapper = Json.mapper();
        ObjectNode document = mapper.createObjectNode();
        document.putObject("metadata").put("uid", pod.uid());
        ObjectNode body = mapper.valueToTree(status);
        document.set("status", body);
        for (var name : REMOVABLE) {
            if (!body.has(name)) {
                body.putNull(name);
            }
        }
        body.path("conditions").forEach(condition -> {
            for (var name : List.of("reason", "message")) {
                if (!condition.has(name)) {
                    ((ObjectNode) condition).putNull(name);
                }
            }
        });
        replaceWhenChanged(
                body,
                "podIPs",
                !before.getPodIPs().isEmpty() && !before.getPodIPs().equals(status.getPodIPs()));
        replaceWhenChanged(
                body,
                "hostIPs",
                !before.getHostIPs().isEmpty() && !before.getHostIPs().equals(status.getHostIPs()));
        return document.toString();
    }

    /// These lists merge by address: an old address would stay.
    private static void replaceWhenChanged(ObjectNode body, String name, boolean changed) {
        if (changed && body.get(name) instanceof ArrayNode list) {
            list.insertObject(0).put("$patch", "replace");
        }
    }
}
