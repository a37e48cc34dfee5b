package dev.kapal.controllers.garbage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.client.Api;
import dev.kapal.controllers.workload.Refusals;
import dev.kapal.model.codec.Documents;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Carries out verdicts. Any thread; blocks; doing it again is harmless.
final class Sentence {
    private final Api api;

    Sentence(Api api) {
        this.api = api;
    }

    /// Deletes this very object as it was judged: had it changed meanwhile, an owner might have come.
    void delete(Graph.Node node, String policy) throws InterruptedException {
        var object = node.object();
        var options = new DeleteOptionsBuilder()
                .withPropagationPolicy(policy)
                .withNewPreconditions(Long.toString(object.revision()), object.uid())
                .build();
        api.delete(node.resource().path(object.key()), options);
    }

    /// Takes the references to `owners` out of the object.
    void disown(Graph.Node node, Collection<String> owners) throws InterruptedException {
        var metadata = metadata(node);
        var references = metadata.putArray("ownerReferences");
        owners.forEach(uid -> references.addObject().put("$patch", "delete").put("uid", uid));
        patch(node, Api.Patch.STRATEGIC, metadata);
    }

    /// Keeps its owners, but no longer blocks their deletion.
    void unblock(Graph.Node node) throws InterruptedException {
        var metadata = metadata(node);
        var references = metadata.putArray("ownerReferences");
        for (var owner : node.object().owners()) {
            references.addObject().put("uid", owner.uid()).put("blockOwnerDeletion", false);
        }
        patch(node, Api.Patch.STRATEGIC, metadata);
    }

    /// Takes out one finalizer, so that the object can go.
    void release(Graph.Node node, String finalizer) throws InterruptedException {
        var metadata = metadata(node);
        metadata.put("resourceVersion", Long.toString(node.object().revision()));
        var left = metadata.putArray("finalizers");
        node.object().finalizers().stream()
                .filter(other -> !other.equals(finalizer))
                .forEach(left::add);
        patch(node, Api.Patch.MERGE, metadata);
    }

    void orphan(Graph.Node owner, List<Graph.Node> dependents) throws InterruptedException {
        for (Graph.Node dependent : dependents) {
            disown(dependent, Set.of(owner.object().uid()));
        }
        release(owner, Observed.ORPHAN);
    }

    /// The uid is a precondition: the patch must not hit a later object of the same name.
    private static ObjectNode metadata(Graph.Node node) {
        return JsonNodeFactory.instance.objectNode().put("uid", node.object().uid());
    }

    private void patch(Graph.Node node, Api.Patch form, ObjectNode metadata) throws InterruptedException {
        var patch = JsonNodeFactory.instance.objectNode();
        patch.set("metadata", metadata);
        try {
            api.patch(node.resource().path(node.object().key()), form, Documents.text(patch));
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isNotFound(refusal)) {
                throw refusal;
            }
        }
    }
}
