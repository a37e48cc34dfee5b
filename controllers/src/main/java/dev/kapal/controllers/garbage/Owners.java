package dev.kapal.controllers.garbage;

import dev.kapal.client.Api;
import dev.kapal.client.Key;
import dev.kapal.controllers.workload.Refusals;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Finds out how the owners of an object stand. Any thread; blocks: an owner that the graph does not know is asked for,
/// because a watch may lag and nothing may be deleted on a guess.
final class Owners {
    private static final int REMEMBERED = 5000;

    private final Graph graph;
    private final Api api;
    /// By group and kind.
    private final Map<String, Resource> resources = new ConcurrentHashMap<>();
    /// The uids of objects known to be gone; a uid never comes back.
    private final Map<String, Boolean> gone = new ConcurrentHashMap<>();

    Owners(Graph graph, Api api) {
        this.graph = graph;
        this.api = api;
    }

    void know(Resource resource) {
        resources.put(resource.group() + "/" + resource.kind(), resource);
    }

    void gone(String uid) {
        if (gone.size() >= REMEMBERED) {
            gone.clear();
        }
        gone.put(uid, true);
    }

    Map<String, Verdict.Standing> of(Graph.Node node) throws InterruptedException {
        var standings = new LinkedHashMap<String, Verdict.Standing>();
        for (var owner : node.object().owners()) {
            standings.put(owner.uid(), standing(node, owner));
        }
        return standings;
    }

    private Verdict.Standing standing(Graph.Node node, Observed.Owner owner) throws InterruptedException {
        var known = graph.find(owner.uid());
        if (known.isPresent() && isSameObject(node, known.get(), owner)) {
            return known.get().object().awaitsDependents() ? Verdict.Standing.WAITING : Verdict.Standing.SOLID;
        }
        if (gone.containsKey(owner.uid())) {
            return Verdict.Standing.ABSENT;
        }
        return ask(node, owner);
    }

    private Verdict.Standing ask(Graph.Node node, Observed.Owner owner) throws InterruptedException {
        var resource = Optional.ofNullable(resources.get(Resource.groupOf(owner.apiVersion()) + "/" + owner.kind()));
        if (resource.isEmpty()) {
            // Perhaps its definition is away for a moment; what cannot be looked up counts as there.
            return Verdict.Standing.SOLID;
        }
        boolean namespaced = resource.get().namespaced();
        if (namespaced && node.object().key().namespace().isEmpty()) {
            return Verdict.Standing.SOLID; // an invalid reference, which upstream leaves alone too
        }
        var key = new Key(namespaced ? node.object().key().namespace() : "", owner.name());
        try {
            var live = Observed.of(api.get(resource.get().path(key)).path("metadata"));
            if (live.uid().equals(owner.uid())) {
                return live.awaitsDependents() ? Verdict.Standing.WAITING : Verdict.Standing.SOLID;
            }
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isNotFound(refusal)) {
                throw refusal;
            }
        }
        return Verdict.Standing.ABSENT;
    }

    /// A reference reaches only into the object's own namespace or to a cluster-scoped owner, and must name it rightly.
    private static boolean isSameObject(Graph.Node node, Graph.Node owner, Observed.Owner reference) {
        String namespace = owner.object().key().namespace();
        return (namespace.isEmpty() || namespace.equals(node.object().key().namespace()))
                && owner.object().key().name().equals(reference.name())
                && owner.resource().kind().equals(reference.kind())
                && owner.resource().group().equals(Resource.groupOf(reference.apiVersion()));
    }
}
