package dev.kapal.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.kapal.apiserver.admission.ObjectReader;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.select.LabelSelector;
import java.util.ArrayList;
import java.util.List;

/// Finds the objects that a binding hands to its policy. Any thread.
final class Params {
    private final ObjectReader objects;
    private final ResourceRegistry registry;

    Params(ObjectReader objects, ResourceRegistry registry) {
        this.objects = objects;
        this.registry = registry;
    }

    /// A binding that does not fit its policy or finds nothing.
    static final class Missing extends Exception {
        Missing(String why) {
            super(why, null, false, false);
        }
    }

    /// One evaluation for each; a null node where the policy or the binding has no parameters.
    List<JsonNode> of(Policy<?> policy, Binding binding, String namespace) throws Missing, InterruptedException {
        if (policy.paramKind().isEmpty() || binding.paramRef().isEmpty()) {
            return List.of(NullNode.instance);
        }
        var kind = policy.paramKind().get();
        var reference = binding.paramRef().get();
        var resource =
                registry.find(kind).orElseThrow(() -> new Missing("paramKind kind `" + text(kind) + "` not known"));
        var found = find(resource, reference, place(resource, reference, namespace));
        if (found.isEmpty()
                && reference.path("parameterNotFoundAction").asText("").equals("Deny")) {
            throw new Missing("no params found for policy binding with `Deny` parameterNotFoundAction");
        }
        return found;
    }

    private static String text(GroupVersionKind kind) {
        return kind.groupVersion().apiVersion() + ", Kind=" + kind.kind();
    }

    private static String place(ResourceDefinition resource, JsonNode reference, String namespace) throws Missing {
        var given = reference.path("namespace").asText("");
        if (!resource.namespaced()) {
            if (!given.isEmpty()) {
                throw new Missing("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
            }
            return "";
        }
        if (!given.isEmpty()) {
            return given;
        }
        if (namespace.isEmpty()) {
            throw new Missing("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
        }
        return namespace;
    }

    private List<JsonNode> find(ResourceDefinition resource, JsonNode reference, String namespace)
            throws InterruptedException {
        var name = reference.path("name").asText("");
        var found = new ArrayList<JsonNode>();
        if (!name.isEmpty()) {
            objects.find(resource.groupVersionResource(), namespace, name).ifPresent(found::add);
            return found;
        }
        var selector = LabelSelector.fromDocument(reference.path("selector"));
        for (var candidate : objects.list(resource.groupVersionResource(), namespace)) {
            if (selector.test(candidate.labels())) {
                found.add(candidate.document());
            }
        }
        return found;
    }
}
