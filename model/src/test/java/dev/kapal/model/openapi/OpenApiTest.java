package dev.kapal.model.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static final String POD = "io.k8s.api.core.v1.Pod";

    private final ResourceRegistry registry = ResourceRegistry.builtIn();
    private final OpenApi openApi = new OpenApi(registry, "v1.34.0+kapal");

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
