package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/// Defaults of the kinds that need one line each. Source: API reference.
final class ClusterDefaults {
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    private ClusterDefaults() {}

    /// Every namespace can be selected by its name.
    static void namespace(ObjectNode namespace) {
        var name = namespace.path("metadata").path("name").asText();
        if (!name.isEmpty() && namespace.get("metadata") instanceof ObjectNode metadata) {
            metadata.withObjectProperty("labels").put(NAME_LABEL, name);
        }
    }

    /// The single range and the list of ranges say the same.
    static void nodeSpec(ObjectNode spec) {
        var range = spec.path("podCIDR").asText();
        var ranges = spec.path("podCIDRs");
        if (!range.isEmpty() && ranges.isEmpty()) {
            spec.putArray("podCIDRs").add(range);
        } else if (range.isEmpty() && !ranges.isEmpty()) {
            spec.put("podCIDR", ranges.get(0).asText());
        }
    }

    /// Nothing reserved means that all is for pods.
    static void nodeStatus(ObjectNode status) {
        if (!status.hasNonNull("allocatable") && status.get("capacity") instanceof ObjectNode capacity) {
            status.set("allocatable", capacity.deepCopy());
        }
    }

    /// What was written in plain text is stored with the rest; it is never read back.
    static void secret(ObjectNode secret) {
        if (secret.remove("stringData") instanceof ObjectNode plain) {
            var data = secret.withObjectProperty("data");
            plain.properties()
                    .forEach(e -> data.put(
                            e.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(e.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
    }

    /// A definition need not say what follows from the name of its kind.
    static void customResourceDefinitionSpec(ObjectNode spec) {
        var kind = spec.path("names").path("kind").asText("");
        if (!(spec.get("names") instanceof ObjectNode names) || kind.isEmpty()) {
            return;
        }
        if (names.path("singular").asText("").isEmpty()) {
            names.put("singular", kind.toLowerCase(Locale.ROOT));
        }
        if (names.path("listKind").asText("").isEmpty()) {
            names.put("listKind", kind + "List");
        }
    }
}
