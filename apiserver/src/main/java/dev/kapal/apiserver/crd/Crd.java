package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.model.GroupResource;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A CustomResourceDefinition, read with names. The document is not changed.
record Crd(ObjectNode document) {
    static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";
    static final String ESTABLISHED = "Established";
    static final String NAMES_ACCEPTED = "NamesAccepted";
    static final String TERMINATING = "Terminating";
    static final String NON_STRUCTURAL = "NonStructuralSchema";
    static final String API_APPROVED = "KubernetesAPIApprovalPolicyConformant";

    /// The parts of one version.
    record Version(JsonNode node) {
        String name() {
            return node.path("name").asText("");
        }

        boolean isServed() {
            return node.path("served").asBoolean();
        }

        boolean isStored() {
            return node.path("storage").asBoolean();
        }

        /// `openAPIV3Schema`, if there is one.
        Optional<ObjectNode> schema() {
            return node.path("schema").get("openAPIV3Schema") instanceof ObjectNode schema
                    ? Optional.of(schema)
                    : Optional.empty();
        }

        boolean hasStatus() {
            return node.path("subresources").has("status");
        }

        JsonNode scale() {
            return node.path("subresources").path("scale");
        }

        JsonNode columns() {
            return node.path("additionalPrinterColumns");
        }

        JsonNode selectableFields() {
            return node.path("selectableFields");
        }
    }

    Meta meta() {
        return Meta.of(document);
    }

    JsonNode spec() {
        return document.path("spec");
    }

    String group() {
        return spec().path("group").asText("");
    }

    JsonNode names() {
        return spec().path("names");
    }

    JsonNode acceptedNames() {
        return document.path("status").path("acceptedNames");
    }

    boolean isNamespaced() {
        return spec().path("scope").asText("").equals("Namespaced");
    }

    JsonNode conversion() {
        return spec().path("conversion");
    }

    List<Version> versions() {
        var versions = new ArrayList<Version>();
        spec().path("versions").forEach(node -> versions.add(new Version(node)));
        return versions;
    }

    GroupResource groupResource() {
        return new GroupResource(group(), names().path("plural").asText(""));
    }

    boolean is(String condition) {
        return condition(document, condition)
                .map(c -> c.path("status").asText().equals("True"))
                .orElse(false);
    }

    static Optional<ObjectNode> condition(ObjectNode document, String type) {
        for (var condition : document.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return Optional.of((ObjectNode) condition);
            }
        }
        return Optional.empty();
    }

    /// Puts a condition in its place; the time of transition stays while the status does.
    static void set(ObjectNode document, String type, boolean status, String reason, String message, String now) {
        var text = status ? "True" : "False";
        var conditions = document.withObject("/status").withArray("conditions");
        var present = condition(document, type);
        var condition = present.orElseGet(() -> Documents.object().put("type", type));
        boolean stays =
                present.isPresent() && present.get().path("status").asText().equals(text);
        var since = stays ? condition.path("lastTransitionTime").asText(now) : now;
        condition.removeAll();
        condition
                .put("type", type)
                .put("status", text)
                .put("lastTransitionTime", since)
                .put("reason", reason)
                .put("message", message);
        if (present.isEmpty()) {
            conditions.add(condition);
        }
    }

    static void remove(ObjectNode document, String type) {
        var conditions = document.path("status").path("conditions").iterator();
        while (conditions.hasNext()) {
            if (conditions.next().path("type").asText().equals(type)) {
                conditions.remove();
            }
        }
    }
}
