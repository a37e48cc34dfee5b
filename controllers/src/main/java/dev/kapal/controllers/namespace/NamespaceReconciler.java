package dev.kapal.controllers.namespace;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.discovery.ServedResource;
import dev.kapal.controllers.discovery.ServedResources;
import dev.kapal.controllers.workload.Refusals;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceStatus;
import io.fabric8.kubernetes.api.model.NamespaceStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Empties each namespace that is being deleted, then lets it go. Source: Kubernetes documentation, "Namespaces"; API
/// reference, Namespace (spec.finalizers, status.conditions).
public final class NamespaceReconciler implements Reconciler {
    private static final String FINALIZER = "kubernetes";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final Cache<Namespace> namespaces;
    private final Cache<Pod> pods;
    private final Api api;
    private final Emptying emptying;
    private final Time time;

    public NamespaceReconciler(Informers informers, Api api, Time time) {
        this.namespaces = informers.of(Namespace.class);
        this.pods = informers.of(Pod.class);
        this.api = api;
        this.emptying = new Emptying(api);
        this.time = time;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(namespaces), Wake.on(pods, this::lastPods));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = namespaces.find(key);
        if (found.isEmpty() || found.get().getMetadata().getDeletionTimestamp() == null || !isHeld(found.get())) {
            return Outcome.settled();
        }
        var namespace = found.get();
        var served = ServedResources.discover(api);
        // what is known goes, even when the server cannot tell everything; the namespace stays
        var left = emptying.empty(key.name(), deletable(served));
        var undiscovered = served.failure()
                .map(why ->
                        "Discovery failed for some groups, " + served.unknown().size() + " failing: " + why);
        writeStatus(namespace, undiscovered, left);
        if (undiscovered.isPresent() || !left.nothing()) {
            // The end of a pod wakes us; of other things nobody tells us.
            var after = left.onlyPods() ? LOOK_AGAIN.multipliedBy(10) : LOOK_AGAIN;
            return Outcome.again(after, "the namespace is not empty");
        }
        finish(namespace);
        return Outcome.settled();
    }

    private static List<ServedResource> deletable(ServedResources served) {
        return served.resources().stream()
                .filter(resource -> resource.namespaced() && resource.verbs().contains("delete"))
                .toList();
    }

    private static boolean isHeld(Namespace namespace) {
        var finalizers =
                namespace.getSpec() == null ? null : namespace.getSpec().getFinalizers();
        return finalizers != null && finalizers.contains(FINALIZER);
    }

    private void writeStatus(Namespace namespace, Optional<String> undiscovered, Emptying.Left left)
            throws InterruptedException {
        var status = new NamespaceStatusBuilder()
                .withPhase("Terminating")
                .withConditions(NamespaceConditions.of(namespace, undiscovered, left, time.instant()))
                .build();
        NamespaceStatus before = namespace.getStatus();
        // A namespace that goes at once need not tell how it went.
        if ((undiscovered.isPresent() || !left.nothing()) && !status.equals(before)) {
            try {
                api.updateStatus(
                        new NamespaceBuilder(namespace).withStatus(status).build());
            } catch (KubernetesClientException refusal) {
                if (!Refusals.isConflict(refusal) && !Refusals.isNotFound(refusal)) {
                    throw refusal;
                }
            }
        }
    }

    private void finish(Namespace namespace) throws InterruptedException {
        var names = JsonNodeFactory.instance.arrayNode();
        namespace.getSpec().getFinalizers().stream()
                .filter(finalizer -> !finalizer.equals(FINALIZER))
                .forEach(names::add);
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("apiVersion", "v1").put("kind", "Namespace");
        request.putObject("metadata").put("name", namespace.getMetadata().getName());
        request.putObject("spec").set("finalizers", names);
        try {
            api.put("/api/v1/namespaces/" + namespace.getMetadata().getName() + "/finalize", request);
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isNotFound(refusal)) {
                throw refusal;
            }
        }
    }

    private List<Key> lastPods(Change<Pod> change) {
        if (!(change instanceof Change.Deleted<Pod>(Pod last))) {
            return List.of();
        }
        var key = Key.cluster(last.getMetadata().getNamespace());
        boolean waits = namespaces
                .find(key)
                .filter(namespace -> namespace.getMetadata().getDeletionTimestamp() != null)
                .isPresent();
        return waits && pods.list(key.name()).isEmpty() ? List.of(key) : List.of();
    }
}
