package dev.kapal.apiserver.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.TestServer;
import dev.kapal.model.codec.Documents;
import dev.kapal.testkit.Conformance;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Custom kinds in discovery and OpenAPI: they are there when the definition says that it is established.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PublishingTest {
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private TestServer cluster;
    private HttpClient client;

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start();
        client = cluster.client(Optional.of(cluster.pki().admin()));
    }

    @AfterAll
    void stop() {
        client.close();
        cluster.close();
    }

    private void define(String group, String plural, String kind, String... versions) throws Exception {
        var list = Arrays.stream(versions)
                .map(
                        version -> "{name: " + version + ", served: true, storage: " + version.equals(versions[0])
                                + ", schema: {openAPIV3Schema: {type: object, description: Of " + version
                                + ", properties: {spec: {type: object, properties: {a: {type: string}}},"
                                + " any: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {b: {type: string}}},"
                                + " pod: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}}}}}")
                .collect(Collectors.joining(", "));
        cluster.create(
                CRDS,
                "{metadata: {name: " + plural + "." + group + "}, spec: {group: " + group
                        + ", scope: Cluster, names: {plural: " + plural + ", kind: " + kind + "}, versions: [" + list
                        + "]}}");
        await(
                plural + "." + group,
                crd -> crd.at("/status/conditions").toString().contains("InitialNamesAccepted"));
    }

    private interface Wanted {
        boolean is(JsonNode crd);
    }

    /// Follows one definition until it is as wanted.
    private void await(String name, Wanted wanted) throws Exception {
        var path = CRDS + "?watch=1&fieldSelector=metadata.name%3D" + name;
        var request = HttpRequest.newBuilder(cluster.uri(path)).build();
        var events =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        try (var lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (wanted.is(
                        Documents.read(line.getBytes(StandardCharsets.UTF_8)).path("object"))) {
                    return;
                }
            }
        }
        throw new AssertionError("the watch ended");
    }

    private JsonNode get(String path, String... headers) throws Exception {
        var answer = cluster.call("GET", path, "", headers);
        assertThat(answer.status()).as(path).isEqualTo(200);
        return answer.document();
    }

    @Test
    @Conformance({
        "api-crd-discovery",
        "api-aggregated-discovery-interface-crd",
        "api-aggregated-discovery-accept-headers-crd"
    })
    void discoveryKnowsTheKind() throws Exception {
        assertThat(get("/apis").toString()).contains("apiextensions.k8s.io");
        assertThat(get("/apis/apiextensions.k8s.io").toString()).contains("apiextensions.k8s.io/v1");
        assertThat(get("/apis/apiextensions.k8s.io/v1").toString()).contains("customresourcedefinitions");
        define("found.example.com", "gems", "Gem", "v1", "v2beta1");
        assertThat(get("/apis/found.example.com")
                        .at("/preferredVersion/version")
                        .asText())
                .isEqualTo("v1");
        assertThat(get("/apis/found.example.com/v1").at("/resources/0/kind").asText())
                .isEqualTo("Gem");
        var aggregated = get("/apis", "Accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        assertThat(aggregated.toString()).contains("found.example.com", "\"resource\":\"gems\"");
    }

    @Test
    void whoSeesThatItIsEstablishedFindsItEverywhere() throws Exception {
        cluster.create(CRDS, """
                {metadata: {name: at.once.example.com}, spec: {group: once.example.com, scope: Cluster,
                names: {plural: at, kind: At}, versions: [{name: v1, served: true, storage: true,
                schema: {openAPIV3Schema: {type: object, properties: {a: {type: string}}}}}]}}
                """);
        await(
                "at.once.example.com",
                crd -> crd.at("/status/conditions").toString().contains("\"Established\",\"status\":\"True\""));
        assertThat(get("/apis/once.example.com/v1").at("/resources/0/kind").asText())
                .isEqualTo("At");
        assertThat(get("/apis").toString()).contains("once.example.com/v1");
        assertThat(get("/apis", "Accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
                        .toString())
                .contains("\"resource\":\"at\"");
        assertThat(definitions()).contains("com.example.once.v1.At");
        assertThat(get("/openapi/v3").toString()).contains("apis/once.example.com/v1");
        assertThat(get("/apis/once.example.com/v1/at").path("items")).isEmpty();
    }

    @Test
    @Conformance({"api-crd-openapi-multi-version", "api-crd-openapi-unserve-version", "api-crd-openapi-rename-version"})
    void definitionsFollowTheVersionsThatAreServed() throws Exception {
        define("docs.example.com", "pages", "Page", "v2", "v3");
        assertThat(definitions())
                .contains("com.example.docs.v2.Page", "com.example.docs.v3.Page", "com.example.docs.v2.PageList");
        assertThat(get("/openapi/v3/apis/docs.example.com/v3")
                        .at("/components/schemas/com.example.docs.v3.Page/description")
                        .asText())
                .isEqualTo("Of v3");
        patch("pages.docs.example.com", "[{\"op\":\"replace\",\"path\":\"/spec/versions/1/served\",\"value\":false}]");
        gone("/apis/docs.example.com/v3/pages");
        assertThat(definitions()).contains("com.example.docs.v2.Page").doesNotContain("com.example.docs.v3.Page");
        patch(
                "pages.docs.example.com",
                "[{\"op\":\"replace\",\"path\":\"/spec/versions/1/name\",\"value\":\"v4\"},"
                        + "{\"op\":\"replace\",\"path\":\"/spec/versions/1/served\",\"value\":true}]");
        served("/apis/docs.example.com/v4/pages");
        assertThat(definitions()).contains("com.example.docs.v4.Page").doesNotContain("com.example.docs.v3.Page");
        assertThat(get("/openapi/v3").at("/paths").toString())
                .contains("apis/docs.example.com/v4")
                .doesNotContain("docs.example.com/v3");
    }

    @Test
    @Conformance({"api-crd-openapi-multi-kind", "api-crd-openapi-preserve-embedded"})
    void kindsOfOneVersionStandBesideEachOther() throws Exception {
        define("two.example.com", "ones", "One", "v1");
        define("two.example.com", "others", "Other", "v1");
        var v3 = get("/openapi/v3/apis/two.example.com/v1").at("/components/schemas");
        assertThat(v3.has("com.example.two.v1.One")).isTrue();
        var other = v3.path("com.example.two.v1.Other").path("properties");
        assertThat(other.at("/any/properties/b/type").asText()).isEqualTo("string");
        assertThat(other.at("/pod/properties/metadata").toString()).contains("ObjectMeta");
        assertThat(other.at("/metadata").toString()).contains("ObjectMeta");
        var v2 = get("/openapi/v2").at("/definitions/com.example.two.v1.Other/properties");
        assertThat(v2.at("/any").has("properties")).isFalse();
        assertThat(v2.at("/spec/properties/a/type").asText()).isEqualTo("string");
    }

    private String definitions() throws Exception {
        var names = new StringBuilder();
        get("/openapi/v2")
                .path("definitions")
                .fieldNames()
                .forEachRemaining(name -> names.append(name).append('\n'));
        return names.toString();
    }

    private void patch(String name, String patch) throws Exception {
        var answer = cluster.call("PATCH", CRDS + "/" + name, patch, "Content-Type", "application/json-patch+json");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    /// A change of a definition takes effect a moment after it was answered.
    private void gone(String path) throws Exception {
        while (cluster.call("GET", path, "").status() != 404) {
            Thread.onSpinWait();
        }
    }

    private void served(String path) throws Exception {
        while (cluster.call("GET", path, "").status() != 200) {
            Thread.onSpinWait();
        }
    }
}
