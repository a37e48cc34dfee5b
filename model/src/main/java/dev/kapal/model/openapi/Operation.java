package dev.kapal.model.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionKind;
import java.util.List;

/// Writes one operation in the dialect of its document. One thread.
final class Operation {
    private static final List<String> PRODUCED = List.of("application/json", "application/yaml");
    private static final List<String> PATCHES = List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml");

    private final ObjectNode node;
    private final Definitions definitions;

    /// @param id verb and subject, divided by a slash where the group and version go in
    Operation(ObjectNode node, Definitions definitions, GroupVersion groupVersion, String action, String id) {
        this.node = node;
        this.definitions = definitions;
        String group =
                groupVersion.group().isEmpty() ? "core" : groupVersion.group().split("\\.")[0];
        int slash = id.indexOf('/');
        String verb = id.substring(0, slash);
        String subject = id.substring(slash + 1);
        node.put("description", action + " of " + subject);
        node.putArray("tags").add(group + "_" + groupVersion.version());
        node.put("operationId", verb + capital(group) + capital(groupVersion.version()) + subject);
        node.put("x-kubernetes-action", action);
        if (isV2()) {
            node.putArray("consumes").add("*/*");
            var produces = node.putArray("produces");
            PRODUCED.forEach(produces::add);
            node.putArray("schemes").add("https");
        }
    }

    Operation of(GroupVersionKind kind) {
        node.set("x-kubernetes-group-version-kind", Definitions.kind(kind));
        return this;
    }

    Operation inPath(Parameter parameter) {
        parameters().add(parameter.tree(definitions.dialect()));
        return this;
    }

    Operation query(List<Parameter> parameters) {
        parameters.forEach(parameter -> parameters().add(parameter.tree(definitions.dialect())));
        return this;
    }

    Operation body(ObjectNode reference) {
        if (isV2()) {
            parameters()
                    .addObject()
                    .put("name", "body")
                    .put("in", "body")
                    .put("required", true)
                    .set("schema", reference);
        } else {
            node.putObject("requestBody").putObject("content").putObject("*/*").set("schema", reference);
        }
        return this;
    }

    /// @param strategic whether the type knows strategic merge patches; custom resources do not
    Operation patchBody(boolean strategic) {
        var formats = strategic
                ? PATCHES
                : PATCHES.stream().filter(type -> !type.contains("strategic")).toList();
        var patch = definitions.reference("io.k8s.apimachinery.pkg.apis.meta.v1.Patch");
        if (isV2()) {
            var consumes = node.putArray("consumes");
            formats.forEach(consumes::add);
            return body(patch);
        }
        var content = node.putObject("requestBody").putObject("content");
        formats.forEach(type -> content.putObject(type).set("schema", patch));
        return this;
    }

    Operation answers(int status, ObjectNode reference) {
        var response = response(status);
        if (isV2()) {
            response.set("schema", reference);
        } else {
            var content = response.putObject("content");
            PRODUCED.forEach(type -> content.putObject(type).set("schema", reference));
        }
        return this;
    }

    /// An answer that is no object: text, or a stream.
    Operation text(int status) {
        var response = response(status);
        if (isV2()) {
            response.putObject("schema").put("type", "string");
        } else {
            response.putObject("content").putObject("*/*").putObject("schema").put("type", "string");
        }
        return this;
    }

    private ObjectNode response(int status) {
        var responses = node.get("responses") instanceof ObjectNode known ? known : node.putObject("responses");
        return responses
                .putObject(Integer.toString(status))
                .put(
                        "description",
                        switch (status) {
                            case 201 -> "Created";
                            case 202 -> "Accepted";
                            default -> "OK";
                        });
    }

    private ArrayNode parameters() {
        return node.get("parameters") instanceof ArrayNode known ? known : node.putArray("parameters");
    }

    private boolean isV2() {
        return definitions.dialect() == Dialect.V2;
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
