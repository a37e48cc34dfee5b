package dev.kapal.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.TestServer;
import dev.kapal.http.Peer;
import dev.kapal.testkit.Conformance;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A whole server and another one behind it, over TLS on the loopback.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AggregationTest {
    private static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";
    private static final String GROUP = "/apis/wardle.example.com";
    private static final String FLUNDERS = GROUP + "/v1alpha1/namespaces/default/flunders";
    private static final String AGGREGATED =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

    private TestServer cluster;
    private ExtensionServer extension;

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start();
        extension = ExtensionServer.start(cluster);
        cluster.create("/api/v1/namespaces/default/services", """
                apiVersion: v1
                kind: Service
                metadata: {name: wardle}
                spec: {type: ExternalName, externalName: localhost}
                """);
        register("v1alpha1.wardle.example.com", "wardle.example.com", "wardle");
        await("v1alpha1.wardle.example.com", "Passed");
    }

    private void register(String name, String group, String service) throws Exception {
        register(name, group, service, extension.port());
    }

    private void register(String name, String group, String service, int port) throws Exception {
        var ca = Base64.getEncoder()
                .encodeToString(cluster.pki().authority().certificatePem().getBytes(StandardCharsets.UTF_8));
        cluster.create(SERVICES, """
                apiVersion: apiregistration.k8s.io/v1
                kind: APIService
                metadata: {name: %s}
                spec:
                  group: %s
                  version: v1alpha1
                  groupPriorityMinimum: 2000
                  versionPriority: 200
                  caBundle: %s
                  service: {namespace: default, name: %s, port: %d}
                """.formatted(name, group, ca, service, port));
    }

    @AfterAll
    void stop() {
        cluster.close();
        extension.close();
    }

    /// Watches until the condition says so: the server tells, nobody sleeps.
    /// What is routed where follows the APIServices a moment later.
    private void awaitStatus(int expected, String path) throws Exception {
        int status = 0;
        for (int round = 0; round < 20 && status != expected; round++) {
            if (round > 0) {
                cluster.call("GET", SERVICES + "?watch=1&timeoutSeconds=1&resourceVersion=0", "");
            }
            status = cluster.call("GET", path, "").status();
        }
        assertThat(status).isEqualTo(expected);
    }

    private JsonNode await(String name, String reason) throws Exception {
        var object = cluster.call("GET", SERVICES + "/" + name, "").document();
        for (int round = 0; round < 20; round++) {
            for (var condition : object.path("status").path("conditions")) {
                if (condition.path("reason").asText().equals(reason)) {
                    return condition;
                }
            }
            cluster.call("GET", SERVICES + "?watch=1&timeoutSeconds=1&resourceVersion=0", "");
            object = cluster.call("GET", SERVICES + "/" + name, "").document();
        }
        throw new AssertionError(object.toString());
    }

    @Test
    @Conformance("api-aggregator-sample-apiserver")
    void passesRequestsOnWithTheNameOfWhoAsks() throws Exception {
        extension.seen.clear();
        var answer = cluster.callAs(
                new Peer.Local("alice", List.of("system:masters")),
                "GET",
                FLUNDERS,
                "",
                "Authorization",
                "Bearer secret",
                "X-Remote-User",
                "root");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.document().path("kind").asText()).isEqualTo("FlunderList");
        var headers = extension.seen.stream()
                .filter(one -> one.all("X-Remote-User").contains("alice"))
                .findFirst()
                .orElseThrow();
        assertThat(headers.all("X-Remote-User")).containsExactly("alice");
        assertThat(headers.all("X-Remote-Group")).contains("system:masters", "system:authenticated");
        assertThat(headers.has("Authorization")).isFalse();
        var created = cluster.call("POST", FLUNDERS, "{\"metadata\":{\"name\":\"a\"}}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.text()).isEqualTo("{\"metadata\":{\"name\":\"a\"}}");
        assertThat(cluster.call("GET", FLUNDERS + "?watch=1", "").text()).startsWith("{\"type\":\"ADDED\"");
        assertThat(cluster.callAs(new Peer.Local("bob", List.of()), "GET", FLUNDERS, "")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void passesAConnectionOnThatChangesItsProtocol() throws Exception {
        try (var client = cluster.client(Optional.of(cluster.pki().admin()))) {
            var received = new CompletableFuture<String>();
            var socket = client.newWebSocketBuilder()
                    .subprotocols("echo")
                    .buildAsync(
                            URI.create(
                                    cluster.uri(FLUNDERS + "/a/exec").toString().replace("https:", "wss:")),
                            new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
                                    received.complete(
                                            StandardCharsets.UTF_8.decode(data).toString());
                                    return null;
                                }
                            })
                    .get();
            socket.sendBinary(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)), true)
                    .get();
            assertThat(received.get()).isEqualTo("hello");
            socket.abort(); // closing the client waits for its sockets
        }
    }

    @Test
    void showsItsGroupsInDiscoveryAndOpenApi() throws Exception {
        var names = cluster.call("GET", "/apis", "").document().path("groups").findValuesAsText("name");
        assertThat(names).startsWith("apiregistration.k8s.io", "apps", "events.k8s.io");
        assertThat(names.indexOf("wardle.example.com"))
                .isBetween(names.indexOf("flowcontrol.apiserver.k8s.io") + 1, names.indexOf("extensions") - 1);
        assertThat(cluster.call("GET", GROUP, "")
                        .document()
                        .path("preferredVersion")
                        .path("version")
                        .asText())
                .isEqualTo("v1alpha1");
        assertThat(cluster.call("GET", GROUP + "/v1alpha1", "").text()).contains("\"flunders\"");
        var groups = cluster.call("GET", "/apis", "", "Accept", AGGREGATED)
                .document()
                .path("items");
        var wardle = groups.valueStream()
                .filter(group -> group.path("metadata").path("name").asText().equals("wardle.example.com"))
                .findFirst()
                .orElseThrow()
                .path("versions")
                .path(0);
        assertThat(wardle.path("freshness").asText()).isEqualTo("Current");
        var resource = wardle.path("resources").path(0);
        assertThat(resource.path("resource").asText()).isEqualTo("flunders");
        assertThat(resource.path("scope").asText()).isEqualTo("Namespaced");
        assertThat(resource.path("responseKind").path("group").asText()).isEqualTo("wardle.example.com");
        assertThat(resource.path("subresources").path(0).path("subresource").asText())
                .isEqualTo("status");
        assertThat(cluster.call("GET", "/openapi/v3", "").text())
                .contains(
                        "\"apis/wardle.example.com/v1alpha1\":{\"serverRelativeURL\":\"/openapi/v3/apis/wardle.example.com/v1alpha1?hash=1\"}");
        assertThat(cluster.call("GET", "/openapi/v3" + GROUP + "/v1alpha1", "").text())
                .isEqualTo("{\"openapi\":\"3.0.0\"}");
    }

    @Test
    void takesItsDocumentIntoItsOwnOfVersion2() throws Exception {
        var document = cluster.call("GET", "/openapi/v2", "").document();
        var list = document.at("/paths/~1apis~1wardle.example.com~1v1alpha1~1namespaces~1{namespace}~1flunders");
        assertThat(list.at("/parameters/0/name").asText()).isEqualTo("namespace");
        assertThat(document.at("/paths/~1api~1v1~1pods/get/operationId").asText())
                .isEqualTo("listCoreV1PodForAllNamespaces");
        var definitions = document.path("definitions");
        String meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
        assertThat(definitions
                        .at("/com.example.wardle.Flunder/properties/metadata/$ref")
                        .asText())
                .isEqualTo("#/definitions/" + meta + "_v2");
        assertThat(definitions.path(meta + "_v2").path("description").asText()).isEqualTo("Another one.");
        assertThat(definitions.path(meta).path("description").asText()).startsWith("ObjectMeta is metadata");
        assertThat(definitions.has("com.example.wardle.Unused")).isFalse();
        var protobuf = cluster.call(
                "GET", "/openapi/v2", "", "Accept", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
        assertThat(protobuf.status()).isEqualTo(200);
        assertThat(protobuf.text()).contains("com.example.wardle.Flunder", meta + "_v2");
    }

    @Test
    void aServerThatNeverAnswersHoldsUpNobody() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            register("v1alpha1.silent.example.com", "silent.example.com", "wardle", silent.getLocalPort());
            silent.accept().close(); // it is being asked
            assertThat(cluster.call("GET", "/apis", "", "Accept", AGGREGATED).text())
                    .contains("silent.example.com");
            var answer = cluster.call("GET", "/apis/silent.example.com/v1alpha1/things", "");
            assertThat(answer.status()).isEqualTo(503);
            register("v1alpha1.late.example.com", "late.example.com", "nowhere");
            await("v1alpha1.late.example.com", "ServiceNotFound");
            assertThat(cluster.call("GET", "/openapi/v2", "").status()).isEqualTo(200);
        }
        cluster.call("DELETE", SERVICES + "/v1alpha1.silent.example.com", "");
        cluster.call("DELETE", SERVICES + "/v1alpha1.late.example.com", "");
    }

    @Test
    void goesOnWithoutAServerThatIsNotThere() throws Exception {
        register("v1alpha1.gone.example.com", "gone.example.com", "nowhere");
        var condition = await("v1alpha1.gone.example.com", "ServiceNotFound");
        assertThat(condition.path("message").asText()).isEqualTo("service/nowhere in \"default\" is not present");
        assertThat(condition.path("status").asText()).isEqualTo("False");
        var answer = cluster.call("GET", "/apis/gone.example.com/v1alpha1/things", "");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).isEqualTo("service unavailable\n");
        assertThat(cluster.call("GET", "/apis", "").text()).contains("gone.example.com");
        var aggregated = cluster.call("GET", "/apis", "", "Accept", AGGREGATED).text();
        assertThat(aggregated).contains("\"name\":\"gone.example.com\"").contains("\"freshness\":\"Stale\"");
        cluster.call("DELETE", SERVICES + "/v1alpha1.gone.example.com", "");
        awaitStatus(404, "/apis/gone.example.com/v1alpha1/things");
    }

    @Test
    void registersWhatItServesItself() throws Exception {
        await("v1.apps", "Local");
        var core = cluster.call("GET", SERVICES + "/v1.", "").document();
        assertThat(core.path("spec").path("groupPriorityMinimum").asInt()).isEqualTo(18000);
        var apps = cluster.call("GET", SERVICES + "/v1.apps", "").document();
        assertThat(apps.path("metadata")
                        .path("labels")
                        .path("kube-aggregator.kubernetes.io/automanaged")
                        .asText())
                .isEqualTo("onstart");
        assertThat(apps.path("status")
                        .path("conditions")
                        .path(0)
                        .path("message")
                        .asText())
                .isEqualTo("Local APIServices are always available");
    }

    @Test
    void tellsOtherServersWhomToBelieve() throws Exception {
        var data = cluster.call(
                        "GET", "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication", "")
                .document()
                .path("data");
        assertThat(data.path("requestheader-client-ca-file").asText())
                .isEqualTo(cluster.pki().frontProxyAuthority().certificatePem());
        assertThat(data.path("requestheader-username-headers").asText()).isEqualTo("[\"X-Remote-User\"]");
        assertThat(data.path("client-ca-file").asText()).startsWith("-----BEGIN CERTIFICATE-----");
    }
}
