package dev.kapal.agent.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.client.Json;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// An API server that keeps pods in memory and remembers every status and event in order. Any thread.
final class FakeApi implements PodApi, PodEvents {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final ObjectMapper MAPPER = Json.mapper();

    static {
        // the first use of the models' serializers takes longer than a fake clock waits
        var pod = Pods.pod("first").withNewStatus().endStatus().build();
        var api = new FakeApi();
        api.add(pod);
        api.patchStatus(PodKey.of(pod), StatusChannel.patch(PodKey.of(pod), pod.getStatus(), pod.getStatus()));
    }

    private final Map<String, Pod> pods = new HashMap<>();
    private final List<Pod> history = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private Consumer<Pod> onDelete = pod -> {};
    private boolean down;
    private long revision;
    private int changes;

    synchronized Pod add(Pod pod) {
        var versioned = versioned(pod);
        pods.put(pod.getMetadata().getUid(), versioned);
        changed();
        return versioned;
    }

    private Pod versioned(Pod pod) {
        return pod.edit()
                .editMetadata()
                .withResourceVersion(String.valueOf(++revision))
                .endMetadata()
                .build();
    }

    private void changed() {
        changes++;
        notifyAll();
    }

    synchronized void down(boolean isDown) {
        down = isDown;
    }

    void onDelete(Consumer<Pod> listener) {
        onDelete = listener;
    }

    synchronized Pod get(String uid) {
        return pods.get(uid);
    }

    synchronized List<Pod> history() {
        return List.copyOf(history);
    }

    synchronized List<String> events() {
        return List.copyOf(events);
    }

    @Override
    public synchronized Optional<Pod> patchStatus(PodKey key, String patch) {
        if (down) {
            throw new IllegalStateException("the API server is away");
        }
        var pod = pods.get(key.uid());
        if (pod == null) {
            return Optional.empty();
        }
        try {
            ObjectNode document = MAPPER.valueToTree(pod);
            merge(document.withObject("/status"), MAPPER.readTree(patch).get("status"));
            var patched = versioned(MAPPER.treeToValue(document, Pod.class));
            pods.put(key.uid(), patched);
            history.add(patched);
            changed();
            return Optional.of(patched);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static void merge(ObjectNode into, JsonNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                into.remove(field.getKey());
            } else if (field.getValue() instanceof ArrayNode list
                    && !list.isEmpty()
                    && list.get(0).has("$patch")) {
                list.remove(0);
                into.set(field.getKey(), list);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }

    @Override
    public void delete(PodKey key) {
        Pod gone;
        synchronized (this) {
            gone = pods.remove(key.uid());
            changed();
        }
        if (gone != null) {
            onDelete.accept(gone);
        }
    }

    @Override
    public void normal(Pod pod, String fieldPath, String reason, String message) {
        record("Normal " + reason + " " + message);
    }

    @Override
    public void warning(Pod pod, String fieldPath, String reason, String message) {
        record("Warning " + reason + " " + message);
    }

    private synchronized void record(String event) {
        events.add(event);
        changed();
    }

    /// Blocks until the pod is or was as wanted since this was called, moving on with `tick` whenever nothing happens
    /// for
    /// a while. What passed by quickly counts too.
    synchronized Pod await(String uid, Predicate<Pod> wanted, Runnable tick) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        int seen = history.size();
        while (true) {
            for (; seen < history.size(); seen++) {
                var past = history.get(seen);
                if (past.getMetadata().getUid().equals(uid) && wanted.test(past)) {
                    return past;
                }
            }
            var pod = pods.get(uid);
            if (wanted.test(pod)) {
                return pod;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never came; now " + Serialization.asYaml(pod) + events);
            }
            int before = changes;
            wait(20);
            if (changes == before) {
                tick.run();
            }
        }
    }
}
