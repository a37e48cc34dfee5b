package dev.kapal.model.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static final String POD = "io.k8s.api.core.v1.Pod";

    private final ResourceRegistry registry = ResourceRegistry.builtIn();
    private final OpenApi openApi = new OpenApi(registry, "v1.34.0+kapal", List::of);

    @Test
    void everyReferenceLeadsToADefinition() {
        for (byte[] document : new byte[][] {openApi.v2Json(), openApi.v3(new GroupVersion("", "v1"))}) {
            var tree = Documents.read(document);
            tree.findValuesAsText("$ref").stream()
                    .filter(reference -> !reference.isEmpty()) // a field of that name
                    .forEach(reference -> assertThat(
                                    tree.at(reference.substring(1)).isObject())
                            .as(reference)
                            .isTrue());
        }
    }

    @Test
    void everyFieldOfAPodIsDescribed() {
        var definitions = Documents.read(openApi.v2Json()).get("definitions");
        assertThat(definitions.at("/" + POD + "/description").asText()).startsWith("Pod is a collection of containers");
        definitions
                .at("/io.k8s.api.core.v1.PodSpec/properties")
                .properties()
                .forEach(
                        field -> assertThat(field.getValue().path("description").asText())
                                .as(field.getKey())
                                .isNotEmpty());
    }

    @Test
    void everyFieldOfEveryKindIsDescribed() {
        var seen = new HashSet<String>();
        var missing = new ArrayList<String>();
        for (var definition : registry.all()) {
            assertThat(definition.schema().description()).as(definition.kind()).isNotEmpty();
            walk(definition.schema(), seen, missing);
        }
        assertThat(missing).isEmpty();
    }

    private static void walk(Schema schema, Set<String> seen, List<String> missing) {
        var inner = schema.items().or(schema::additionalProperties);
        if (inner.isPresent()) {
            walk(inner.get(), seen, missing);
            return;
        }
        if (!seen.add(schema.name())) {
            return;
        }
        schema.properties().forEach((name, field) -> {
            // upstream itself does not describe the words of JSON Schema
            boolean schemaWord =
                    schema.name().endsWith(".JSONSchemaProps") || schema.name().endsWith(".ExternalDocumentation");
            if (field.description().isEmpty() && !schemaWord) {
                missing.add(schema.name() + "." + name);
            }
            walk(field, seen, missing);
        });
    }

    @Test
    void bothDialectsSayWhoOwnsLists() {
        var path = "/io.k8s.api.core.v1.PodSpec/properties/containers";
        var v2 = Documents.read(openApi.v2Json()).at("/definitions" + path);
        var v3 = Documents.read(openApi.v3(new GroupVersion("", "v1"))).at("/components/schemas" + path);
        for (var containers : List.of(v2, v3)) {
            assertThat(containers.path("x-kubernetes-list-type").asText()).isEqualTo("map");
            assertThat(containers.path("x-kubernetes-list-map-keys").toString()).isEqualTo("[\"name\"]");
        }
    }

    @Test
    void patchesMayBeApplied() {
        var path = "/paths/~1api~1v1~1namespaces~1{namespace}~1configmaps~1{name}/patch";
        var v2 = Documents.read(openApi.v2Json()).at(path);
        assertThat(v2.path("consumes").toString()).contains("application/apply-patch+yaml");
        assertThat(v2.path("x-kubernetes-action").asText()).isEqualTo("patch");
        assertThat(v2.path("parameters").findValuesAsText("name")).contains("fieldManager", "force");
        var v3 = Documents.read(openApi.v3(new GroupVersion("", "v1"))).at(path);
        assertThat(v3.at("/requestBody/content").has("application/apply-patch+yaml"))
                .isTrue();
    }

    @Test
    void patchOperationsSayWhatKubectlLooksFor() {
        var patch = Documents.read(openApi.v3(new GroupVersion("apps", "v1")))
                .at("/paths/~1apis~1apps~1v1~1namespaces~1{namespace}~1deployments~1{name}/patch");
        assertThat(patch.at("/x-kubernetes-group-version-kind/kind").asText()).isEqualTo("Deployment");
        assertThat(patch.get("parameters").findValuesAsText("name"))
                .contains("dryRun", "fieldValidation", "namespace", "name");
    }

    @Test
    void listsAreMergedByTheirKeys() {
        JsonNode containers =
                Documents.read(openApi.v2Json()).at("/definitions/io.k8s.api.core.v1.PodSpec/properties/containers");
        assertThat(containers.path("x-kubernetes-patch-merge-key").asText()).isEqualTo("name");
        assertThat(containers.path("x-kubernetes-patch-strategy").asText()).isEqualTo("merge");
    }

    @Test
    void theIndexNamesEachDocumentByItsContent() {
        var paths = Documents.read(openApi.v3Index()).get("paths");
        assertThat(paths.at("/api~1v1/serverRelativeURL").asText())
                .isEqualTo("/openapi/v3/api/v1?hash=" + OpenApi.hash(openApi.v3(new GroupVersion("", "v1"))));
    }

    @Test
    void theProtobufFormHoldsEveryDefinition() {
        String text = new String(openApi.v2Protobuf(), StandardCharsets.ISO_8859_1);
        Documents.read(openApi.v2Json())
                .get("definitions")
                .fieldNames()
                .forEachRemaining(name -> assertThat(text).contains(name));
    }

    @Test
    void theSameDocumentIsMadeOnce() {
        assertThat(openApi.v2Json()).isSameAs(openApi.v2Json());
    }
}
