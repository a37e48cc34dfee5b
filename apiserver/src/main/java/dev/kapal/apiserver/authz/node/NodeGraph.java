package dev.kapal.apiserver.authz.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.cache.Followed;
import dev.kapal.apiserver.cache.WatchCaches;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// What leads from a node to objects: node ← pod ← secret, config map, account, claim; claim ← volume ← secret; and
/// what
/// names its node itself. Any thread. It takes changes over from the watch caches when it is asked.
final class NodeGraph {
    private final WatchCaches caches;
    private final List<Followed> sources;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by the lock
    private final Map<String, Pod> pods = new HashMap<>();
    private final Map<String, Map<String, Pod>> podsOfNode = new HashMap<>();
    private final Map<String, VolumeNeeds> volumes = new HashMap<>();
    private final Map<String, Set<String>> volumesOfClaim = new HashMap<>();
    /// The nodes of slices and attachments, by `resource/name`.
    private final Map<String, String> nodeOf = new HashMap<>();

    private record Pod(String node, Set<String> needs) {}

    NodeGraph(WatchCaches caches) {
        this.caches = caches;
        this.sources = List.of(
                new Followed(caches.cache("core/pods"), this::pod),
                new Followed(caches.cache("core/persistentvolumes"), this::volume),
                new Followed(
                        caches.cache("storage.k8s.io/volumeattachments"),
                        (key, document) -> nodeOf("volumeattachments", key, document)),
                new Followed(
                        caches.cache("resource.k8s.io/resourceslices"),
                        (key, document) -> nodeOf("resourceslices", key, document)));
    }

    /// Whether something that belongs to `node` needs the object.
    ///
    /// @param namespace empty for cluster-scoped resources
    boolean leads(String node, String resource, String namespace, String name) throws InterruptedException {
        if (leadsNow(node, resource, namespace, name)) {
            return true;
        }
        caches.awaitNewest(); // the pod may have been bound a moment ago
        return leadsNow(node, resource, namespace, name);
    }

    private boolean leadsNow(String node, String resource, String namespace, String name) {
        lock.lock();
        try {
            for (var source : sources) {
                if (source.isBehind()) {
                    source.drain();
                }
            }
            return switch (resource) {
                case "pods" -> podsOf(node).containsKey(namespace + "/" + name);
                case "persistentvolumes" -> isVolumeOf(node, name);
                case "volumeattachments", "resourceslices" -> node.equals(nodeOf.get(resource + "/" + name));
                case PodNeeds.SECRETS -> {
                    String key = PodNeeds.key(resource, namespace, name);
                    yield isNeeded(node, key) || isSecretOfVolume(node, key);
                }
                default -> isNeeded(node, PodNeeds.key(resource, namespace, name));
            };
        } finally {
            lock.unlock();
        }
    }

    private Map<String, Pod> podsOf(String node) {
        return podsOfNode.getOrDefault(node, Map.of());
    }

    private boolean isNeeded(String node, String key) {
        for (var pod : podsOf(node).values()) {
            if (pod.needs().contains(key)) {
                return true;
            }
        }
        return false;
    }

    private boolean isVolumeOf(String node, String name) {
        var volume = volumes.get("_/" + name);
        return volume != null && isNeeded(node, volume.claim());
    }

    private boolean isSecretOfVolume(String node, String secret) {
        for (var pod : podsOf(node).values()) {
            for (var need : pod.needs()) {
                for (var volume : volumesOfClaim.getOrDefault(need, Set.of())) {
                    if (volumes.get(volume).secrets().contains(secret)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    // the changes, all under the lock

    private void pod(String key, Optional<ObjectNode> document) {
        var before = pods.remove(key);
        if (before != null) {
            var others = podsOfNode.get(before.node());
            others.remove(key);
            if (others.isEmpty()) {
                podsOfNode.remove(before.node());
            }
        }
        String node =
                document.map(pod -> text(pod.path("spec").path("nodeName"))).orElse("");
        if (!node.isEmpty()) {
            var pod = new Pod(node, PodNeeds.of(document.orElseThrow()));
            pods.put(key, pod);
            podsOfNode.computeIfAbsent(node, name -> new HashMap<>()).put(key, pod);
        }
    }

    private void volume(String key, Optional<ObjectNode> document) {
        var before = volumes.remove(key);
        if (before != null) {
            var others = volumesOfClaim.get(before.claim());
            others.remove(key);
            if (others.isEmpty()) {
                volumesOfClaim.remove(before.claim());
            }
        }
        document.map(VolumeNeeds::of).ifPresent(volume -> {
            volumes.put(key, volume);
            volumesOfClaim
                    .computeIfAbsent(volume.claim(), claim -> new HashSet<>())
                    .add(key);
        });
    }

    private void nodeOf(String resource, String key, Optional<ObjectNode> document) {
        String name = resource + key.substring(key.indexOf('/'));
        String node = document.map(object -> text(object.path("spec").path("nodeName")))
                .orElse("");
        if (node.isEmpty()) {
            nodeOf.remove(name);
        } else {
            nodeOf.put(name, node);
        }
    }

    private static String text(JsonNode value) {
        return value.asText("");
    }
}
