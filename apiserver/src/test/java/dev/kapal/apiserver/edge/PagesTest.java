package dev.kapal.apiserver.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.TestServer;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.testkit.Conformance;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is served beside resources: discovery, OpenAPI, health, version, metrics; and the answers to nonsense.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTest {
    private TestServer cluster;

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start().healthy();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private TestServer.Answer get(String path, String... headers) throws Exception {
        return cluster.call("GET", path, "", headers);
    }

    private static List<String> texts(JsonNode list, String field) {
        var texts = new ArrayList<String>();
        list.forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    @Test
    @Conformance({"api-discovery-group-version", "api-discovery-preferred-version"})
    void everyGroupListsItsResources() throws Exception {
        var groups = cluster.call("GET", "/apis", "").document().path("groups");
        assertThat(groups).isNotEmpty();
        for (var group : groups) {
            var preferred = group.path("preferredVersion").path("groupVersion").asText();
            assertThat(group.path("versions").findValuesAsText("groupVersion")).contains(preferred);
            var list = cluster.call("GET", "/apis/" + preferred, "").document();
            assertThat(list.path("groupVersion").asText()).isEqualTo(preferred);
            assertThat(list.path("resources")).as(preferred).isNotEmpty();
            list.path("resources")
                    .forEach(resource -> assertThat(resource.path("verbs"))
                            .as("%s", resource)
                            .isNotEmpty());
        }
    }

    @Test
    @Conformance({"api-aggregated-discovery-interface", "api-aggregated-discovery-accept-headers"})
    void theNewFormNamesEveryBuiltInResource() throws Exception {
        var accept = "application/json;v=v2;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList";
        var names = new HashSet<String>();
        for (var root : List.of("/api", "/apis")) {
            var answer = cluster.call("GET", root, "", "Accept", accept);
            assertThat(answer.headers().first("Content-Type"))
                    .contains(accept.replace(";v=v2;g=apidiscovery.k8s.io", ";g=apidiscovery.k8s.io;v=v2"));
            for (var group : answer.document().path("items")) {
                for (var version : group.path("versions")) {
                    for (var resource : version.path("resources")) {
                        names.add(resource.path("responseKind").path("group").asText() + "/"
                                + version.path("version").asText() + "/"
                                + resource.path("resource").asText());
                    }
                }
            }
        }
        ResourceRegistry.builtIn().all().forEach(definition -> {
            var version = definition.groupVersion();
            assertThat(names).contains(version.group() + "/" + version.version() + "/" + definition.plural());
        });
    }

    @Test
    @Conformance("api-table-not-acceptable-406")
    void hasNoRowsForWhatIsNotKept() throws Exception {
        var answer = cluster.call(
                "POST",
                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                "{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":\"SelfSubjectAccessReview\",\"spec\":{"
                        + "\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\"}}}",
                "Accept",
                "application/json;as=Table;v=v1;g=meta.k8s.io");
        assertThat(answer.status()).isEqualTo(406);
    }

    @Test
    void listsWhatIsServedInTheOldForm() throws Exception {
        assertThat(get("/api").document().path("versions").get(0).asText()).isEqualTo("v1");
        assertThat(texts(get("/apis").document().path("groups"), "name"))
                .contains("apps", "coordination.k8s.io", "discovery.k8s.io");
        assertThat(get("/apis/apps")
                        .document()
                        .path("preferredVersion")
                        .path("groupVersion")
                        .asText())
                .isEqualTo("apps/v1");
        var core = get("/api/v1").document();
        assertThat(core.has("apiVersion")).isFalse();
        assertThat(texts(core.path("resources"), "name"))
                .contains("pods", "pods/log", "pods/exec", "namespaces/finalize", "serviceaccounts/token", "bindings");
        var scale = get("/apis/apps/v1")
                .document()
                .path("resources")
                .valueStream()
                .filter(resource -> resource.path("name").asText().equals("deployments/scale"))
                .findFirst()
                .orElseThrow();
        assertThat(scale.path("group").asText()).isEqualTo("autoscaling");
        assertThat(scale.path("kind").asText()).isEqualTo("Scale");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2", "v2beta1"})
    void listsWhatIsServedInTheNewForm(String version) throws Exception {
        String accept =
                "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList,application/json";
        var answer = get("/apis", "Accept", accept);
        assertThat(answer.headers().first("Content-Type"))
                .contains("application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList");
        var apps = answer.document()
                .path("items")
                .valueStream()
                .filter(group -> group.path("metadata").path("name").asText().equals("apps"))
                .findFirst()
                .orElseThrow();
        assertThat(apps.path("versions").get(0).path("freshness").asText()).isEqualTo("Current");
        assertThat(texts(apps.path("versions").get(0).path("resources"), "resource"))
                .contains("deployments", "replicasets");
        String tag = answer.headers().first("Etag").orElseThrow();
        assertThat(get("/apis", "Accept", accept, "If-None-Match", tag).status())
                .isEqualTo(304);
    }

    @Test
    void prefersTheFormThatTheClientNamesFirst() throws Exception {
        String aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
        assertThat(get("/apis", "Accept", "application/json," + aggregated)
                        .document()
                        .path("kind")
                        .asText())
                .isEqualTo("APIGroupList");
        assertThat(get("/api", "Accept", aggregated).document().path("items").size())
                .isEqualTo(1);
    }

    @Test
    @Conformance("api-server-version-found")
    void describesItself() throws Exception {
        var version = get("/version").document();
        assertThat(version.path("gitVersion").asText()).isEqualTo("v1.34.0+kapal");
        assertThat(version.path("major").asText() + version.path("minor").asText())
                .isEqualTo("134");
        assertThat(get("/").text()).contains("/api/v1", "/apis/apps/v1", "/readyz/etcd");
        assertThat(get("/metrics").text())
                .contains("apiserver_request_total{verb=\"GET\"")
                .contains("apiserver_request_duration_seconds_bucket");
    }

    @Test
    void handsOutOpenApiInTheFormThatWasAskedFor() throws Exception {
        var json = get("/openapi/v2");
        assertThat(json.headers().first("Content-Type")).contains("application/json");
        assertThat(json.document().path("definitions").has("io.k8s.api.apps.v1.Deployment"))
                .isTrue();
        var protobuf = get("/openapi/v2", "Accept", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
        assertThat(protobuf.headers().first("Content-Type").orElseThrow()).contains("protobuf");
        assertThat(get(
                                "/openapi/v2",
                                "If-None-Match",
                                json.headers().first("Etag").orElseThrow())
                        .status())
                .isEqualTo(304);
        String url = get("/openapi/v3")
                .document()
                .path("paths")
                .path("apis/apps/v1")
                .path("serverRelativeURL")
                .asText();
        assertThat(url).startsWith("/openapi/v3/apis/apps/v1?hash=");
        var v3 = get(url);
        assertThat(v3.status()).as(url).isEqualTo(200);
        assertThat(v3.headers().first("Cache-Control").orElseThrow()).contains("immutable");
        assertThat(get("/openapi/v3/apis/apps/v1?hash=old").headers().first("Location"))
                .contains(url);
        assertThat(get("/openapi/v2", "Accept", "text/html").status()).isEqualTo(406);
    }

    @Test
    void compressesWhatIsBig() throws Exception {
        var answer = get("/openapi/v2", "Accept-Encoding", "gzip");
        assertThat(answer.headers().first("Content-Encoding")).contains("gzip");
        try (var expanded = new GZIPInputStream(new ByteArrayInputStream(answer.bytes()))) {
            assertThat(expanded.readAllBytes()).isEqualTo(get("/openapi/v2").bytes());
        }
        assertThat(get("/version", "Accept-Encoding", "gzip").headers().has("Content-Encoding"))
                .isFalse();
    }

    @Test
    void showsItsHealthCheckByCheck() throws Exception {
        assertThat(get("/readyz").text()).isEqualTo("ok");
        assertThat(get("/livez/etcd").text()).isEqualTo("ok");
        assertThat(get("/readyz?verbose").text())
                .startsWith("[+]ping ok\n[+]log ok\n[+]etcd ok\n")
                .endsWith("readyz check passed\n");
        assertThat(get("/healthz?verbose=1&exclude=etcd&exclude=nonsense").text())
                .contains("[+]etcd excluded: ok\n")
                .contains("warn: some health checks cannot be excluded: no matches for \"nonsense\"\n")
                .endsWith("healthz check passed\n");
        assertThat(get("/readyz/nonsense").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /nonsense | 404 | 404 page not found",
                "GET | /apis/nonsense.example.com/v1/things | 404 | 404 page not found",
                "GET | /api/v2 | 404 | 404 page not found",
                "GET | /api/v1/nonsense | 404 | the server could not find the requested resource",
                "POST | /version | 405 | the server does not allow this method on the requested resource",
                "GET | /api/v1/watch | 500 | unable to determine kind and namespace from url",
                "POST | /api/v1/namespaces/default/pods/x/token | 404 | the server could not find the requested resource",
                "GET | /api/v1/namespaces/default/serviceaccounts/x/token | 405 | does not allow this method",
            })
    void answersNonsenseAsUpstreamDoes(String method, String path, int status, String part) throws Exception {
        var answer = cluster.call(method, path, "{}");
        assertThat(answer.text()).contains(part);
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void refusesBodiesThatAreTooLarge() throws Exception {
        try (var client = cluster.client(Optional.of(cluster.pki().admin()))) {
            var request = HttpRequest.newBuilder(cluster.uri("/api/v1/namespaces/default/configmaps"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[3 * 1024 * 1024 + 1]))
                    .build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body())
                    .contains("\"reason\":\"RequestEntityTooLarge\"")
                    .contains("limit is 3145728");
        }
    }

    @Test
    void hasWhatEveryClusterHas() throws Exception {
        assertThat(texts(get("/api/v1/namespaces").document().path("items"), "kind"))
                .hasSize(4);
        var service = get("/api/v1/namespaces/default/services/kubernetes").document();
        assertThat(service.path("spec").path("clusterIP").asText()).isEqualTo("10.96.0.1");
        var endpoints = get("/api/v1/namespaces/default/endpoints/kubernetes").document();
        assertThat(endpoints
                        .path("subsets")
                        .get(0)
                        .path("addresses")
                        .get(0)
                        .path("ip")
                        .asText())
                .isEqualTo("192.0.2.7");
        assertThat(endpoints
                        .path("subsets")
                        .get(0)
                        .path("ports")
                        .get(0)
                        .path("port")
                        .asInt())
                .isEqualTo(cluster.port());
        assertThat(get("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes")
                        .document()
                        .path("endpoints")
                        .get(0)
                        .path("addresses")
                        .get(0)
                        .asText())
                .isEqualTo("192.0.2.7");
    }

    @Test
    void countsHowItsChecksWent() throws Exception {
        get("/readyz");
        get("/livez/ping");
        assertThat(get("/metrics/slis").text())
                .contains("kubernetes_healthcheck{name=\"ping\",type=\"livez\"} 1")
                .contains("kubernetes_healthchecks_total{name=\"etcd-readiness\",type=\"readyz\",status=\"success\"}");
    }

    @Test
    @Timeout(20)
    void measuresAnswersAndWatches() throws Exception {
        get("/api/v1/namespaces?watch=1&timeoutSeconds=1");
        get("/api/v1/namespaces");
        var lists = "apiserver_response_sizes_count{verb=\"LIST\",group=\"\",version=\"v1\",resource=\"namespaces\"";
        String metrics;
        do { // an answer is counted after its client has it
            metrics = get("/metrics").text();
        } while (!metrics.contains(lists));
        assertThat(metrics)
                .contains("apiserver_watch_events_total{group=\"\",version=\"v1\",kind=\"Namespace\"}")
                .contains("apiserver_request_sli_duration_seconds_count{verb=\"LIST\"");
    }
}
