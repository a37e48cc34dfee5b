package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.HashSet;
import java.util.List;

/// Custom resource definitions that say once for all versions what today each version says itself. A schema was
/// optional and could be loose; today's rules ask for a structural one. A definition without gets the schema that keeps
/// everything, and a loose one is completed as far as it tells by itself what it means.
final class CustomDefinitionSpoke implements Spoke {
    static final Spoke SPOKE = new CustomDefinitionSpoke();

    private static final String KEEP = "x-kubernetes-preserve-unknown-fields";
    private static final List<String> PER_VERSION = List.of("schema", "subresources", "additionalPrinterColumns");

    @Override
    public void toStored(ObjectNode document) {
        Fields.object(document, "spec").ifPresent(spec -> {
            versions(spec);
            boolean keeps = spec.path("preserveUnknownFields").asBoolean(true);
            spec.remove("preserveUnknownFields");
            Fields.rename(spec, "validation", "schema");
            Fields.each(spec, "versions", version -> {
                PER_VERSION.stream()
                        .filter(field -> !version.hasNonNull(field))
                        .forEach(field -> Fields.copy(spec, field, version, field));
                Fields.each(
                        version, "additionalPrinterColumns", column -> Fields.rename(column, "JSONPath", "jsonPath"));
                schema(version, keeps);
            });
            spec.remove(PER_VERSION);
            Fields.object(spec, "conversion").ifPresent(CustomDefinitionSpoke::conversionToStored);
        });
    }

    /// One version by itself, where there is no list of them.
    private static void versions(ObjectNode spec) {
        var version = spec.remove("version");
        if (spec.path("versions").isEmpty() && version != null) {
            spec.putArray("versions")
                    .addObject()
                    .put("name", version.asText())
                    .put("served", true)
                    .put("storage", true);
        }
    }

    private static void schema(ObjectNode version, boolean keeps) {
        var holder = Fields.object(version, "schema").orElseGet(() -> version.putObject("schema"));
        if (!holder.hasNonNull("openAPIV3Schema")) {
            holder.putObject("openAPIV3Schema").put("type", "object").put(KEEP, true);
        } else if (holder.get("openAPIV3Schema") instanceof ObjectNode root) {
            if (!root.hasNonNull("type")) {
                root.put("type", "object");
            }
            complete(root, keeps);
        }
    }

    /// What has fields is an object, what has items is a list; where nothing is said, anything goes.
    private static void complete(ObjectNode schema, boolean keeps) {
        if (!schema.hasNonNull("type")
                && !schema.path("x-kubernetes-int-or-string").asBoolean()) {
            if (schema.has("properties") || schema.has("additionalProperties")) {
                schema.put("type", "object");
            } else if (schema.has("items")) {
                schema.put("type", "array");
            } else {
                schema.put(KEEP, true);
            }
        }
        boolean object = schema.path("type").asText().equals("object");
        if (keeps && object && !schema.has("additionalProperties")) {
            schema.put(KEEP, true);
        }
        Fields.object(schema, "properties")
                .ifPresent(properties -> properties.forEach(field -> complete(field, keeps)));
        complete(schema.path("items"), keeps);
        complete(schema.path("additionalProperties"), keeps);
    }

    private static void complete(JsonNode schema, boolean keeps) {
        if (schema instanceof ObjectNode object) {
            complete(object, keeps);
        }
    }

    private static void conversionToStored(ObjectNode conversion) {
        var client = conversion.remove("webhookClientConfig");
        var versions = conversion.remove("conversionReviewVersions");
        if (!conversion.path("strategy").asText().equals("Webhook")) {
            return;
        }
        var webhook = conversion.putObject("webhook");
        if (client != null) {
            webhook.set("clientConfig", client);
        }
        webhook.set(
                "conversionReviewVersions",
                versions == null || versions.isEmpty()
                        ? Documents.object().putArray("versions").add("v1beta1")
                        : versions);
    }

    @Override
    public void toServed(ObjectNode document) {
        Fields.object(document, "spec").ifPresent(spec -> {
            var versions = spec.path("versions");
            Fields.each(
                    spec,
                    "versions",
                    version -> Fields.each(
                            version,
                            "additionalPrinterColumns",
                            column -> Fields.rename(column, "jsonPath", "JSONPath")));
            if (versions instanceof ArrayNode all && !all.isEmpty()) {
                spec.put("version", all.get(0).path("name").asText());
                PER_VERSION.forEach(field -> gather(spec, all, field));
            }
            Fields.rename(spec, "schema", "validation");
            if (!spec.has("preserveUnknownFields")) {
                spec.put("preserveUnknownFields", false); // what is kept, the schemas say
            }
            Fields.object(spec, "conversion").ifPresent(conversion -> {
                if (conversion.remove("webhook") instanceof ObjectNode webhook) {
                    Fields.move(webhook, "clientConfig", conversion, "webhookClientConfig");
                    Fields.move(webhook, "conversionReviewVersions", conversion, "conversionReviewVersions");
                }
            });
        });
    }

    /// What all versions say alike is said once.
    private static void gather(ObjectNode spec, ArrayNode versions, String field) {
        var values = new HashSet<JsonNode>();
        versions.forEach(version -> values.add(version.path(field)));
        if (values.size() != 1 || values.iterator().next().isMissingNode()) {
            return;
        }
        spec.set(field, values.iterator().next());
        versions.forEach(version -> ((ObjectNode) version).remove(field));
    }
}
