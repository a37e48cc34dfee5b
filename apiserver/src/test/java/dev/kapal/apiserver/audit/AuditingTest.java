package dev.kapal.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.Protection;
import dev.kapal.apiserver.TestServer;
import dev.kapal.http.Peer;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a whole server writes into its audit log. The log is complete when the server is closed.
class AuditingTest {
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    private Path directory;

    private interface Story {
        void tell(TestServer server) throws Exception;
    }

    private List<ObjectNode> after(String rules, Story story) throws Exception {
        var file = directory.resolve("audit.log");
        var policy = AuditPolicyFile.parse(
                ("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n" + rules).getBytes(StandardCharsets.UTF_8),
                MediaType.YAML);
        var audit = new Protection.Audit(policy, AuditLogConfig.in(file));
        try (var server = TestServer.start(Protection.DEFAULT.with(audit))) {
            story.tell(server);
        }
        return events(file);
    }

    private static List<ObjectNode> events(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> Documents.read(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    @Test
    void saysWhoDidWhat() throws Exception {
        var events = after(
                "- {level: Metadata, users: [admin]}",
                server -> server.call(
                        "POST",
                        CONFIG_MAPS + "?fieldManager=me",
                        "{\"metadata\":{\"name\":\"a\"}}",
                        "User-Agent",
                        "test/1",
                        "Audit-Id",
                        "my-id"));
        assertThat(events).hasSize(2);
        var received = events.getFirst();
        assertThat(received.path("stage").asText()).isEqualTo("RequestReceived");
        assertThat(received.has("responseStatus")).isFalse();
        var complete = events.getLast();
        assertThat(complete.path("requestReceivedTimestamp").asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\.\\d{6}Z");
        complete.remove(List.of("requestReceivedTimestamp", "stageTimestamp"));
        ((ObjectNode) complete.path("annotations")).remove("authorization.k8s.io/reason");
        assertThat(Documents.text(complete))
                .isEqualTo("{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Metadata\","
                        + "\"auditID\":\"my-id\",\"stage\":\"ResponseComplete\","
                        + "\"requestURI\":\"/api/v1/namespaces/default/configmaps?fieldManager=me\",\"verb\":\"create\","
                        + "\"user\":{\"username\":\"admin\",\"groups\":[\"system:masters\",\"system:authenticated\"]},"
                        + "\"sourceIPs\":[\"127.0.0.1\"],\"userAgent\":\"test/1\","
                        + "\"objectRef\":{\"resource\":\"configmaps\",\"namespace\":\"default\",\"name\":\"a\",\"apiVersion\":\"v1\"},"
                        + "\"responseStatus\":{\"metadata\":{},\"code\":201},"
                        + "\"annotations\":{\"authorization.k8s.io/decision\":\"allow\"}}");
    }

    @Test
    void showsBodiesAtTheLevelsThatAskForThem() throws Exception {
        var events = after("""
                - {level: RequestResponse, users: [admin], verbs: [create], omitStages: [RequestReceived], omitManagedFields: true}
                - {level: Request, users: [admin], omitStages: [RequestReceived]}
                """, server -> {
            server.call("POST", CONFIG_MAPS, "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"v\"}}");
            server.call(
                    "PATCH",
                    CONFIG_MAPS + "/a",
                    "{\"data\": {\"k\":\n\"w\"}}",
                    "Content-Type",
                    "application/merge-patch+json");
            server.call("GET", CONFIG_MAPS + "/a", "");
        });
        var created = of("create", events);
        assertThat(created.path("requestObject").path("data").path("k").asText())
                .isEqualTo("v");
        assertThat(created.path("requestObject").path("kind").asText()).isEqualTo("ConfigMap");
        assertThat(created.path("responseObject").path("metadata").path("uid").asText())
                .isNotEmpty();
        assertThat(created.path("responseObject").path("metadata").has("managedFields"))
                .isFalse();
        var patched = of("patch", events);
        assertThat(Documents.text(patched.path("requestObject"))).isEqualTo("{\"data\":{\"k\":\"w\"}}");
        assertThat(patched.has("responseObject")).isFalse();
        assertThat(of("get", events).has("requestObject")).isFalse();
    }

    /// A request may be in the log before the one that was answered before it.
    private static ObjectNode of(String verb, List<ObjectNode> events) {
        return events.stream()
                .filter(event -> event.path("verb").asText().equals(verb))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void tellsRefusalsWithTheirReasons() throws Exception {
        var events = after(
                "- {level: Metadata, omitStages: [RequestReceived], users: [bob, \"\"], namespaces: [default]}\n"
                        + "- {level: Metadata, nonResourceURLs: [\"/nowhere\"]}",
                server -> {
                    server.callAs(new Peer.Local("bob", List.of()), "DELETE", CONFIG_MAPS + "/a", "");
                    server.get(server.client(Optional.empty()), CONFIG_MAPS, "Authorization", "Bearer nonsense");
                });
        var forbidden = of("delete", events);
        assertThat(forbidden.path("responseStatus").path("code").asInt()).isEqualTo(403);
        assertThat(forbidden.path("responseStatus").path("reason").asText()).isEqualTo("Forbidden");
        assertThat(forbidden.path("responseStatus").path("status").asText()).isEqualTo("Failure");
        assertThat(forbidden
                        .path("annotations")
                        .path("authorization.k8s.io/decision")
                        .asText())
                .isEqualTo("forbid");
        assertThat(forbidden.path("objectRef").path("name").asText()).isEqualTo("a");
    }

    @Test
    void tellsWhoseCredentialsAreNoGood() throws Exception {
        var events = after(
                "- {level: Metadata, users: [\"\"]}",
                server -> server.get(server.client(Optional.empty()), CONFIG_MAPS, "Authorization", "Bearer nonsense"));
        assertThat(events).hasSize(1);
        var refused = events.getFirst();
        assertThat(refused.path("stage").asText()).isEqualTo("ResponseStarted");
        assertThat(refused.path("responseStatus").path("code").asInt()).isEqualTo(401);
        assertThat(refused.path("responseStatus").path("message").asText())
                .isEqualTo("Authentication failed, attempted: bearer");
        assertThat(refused.path("sourceIPs").path(0).asText()).isEqualTo("127.0.0.1");
    }

    @Test
    void marksWhereAWatchBeginsAndEnds() throws Exception {
        var events = after(
                "- {level: Metadata, users: [admin], verbs: [watch]}",
                server -> server.call("GET", CONFIG_MAPS + "?watch=1&timeoutSeconds=1", ""));
        assertThat(events)
                .extracting(event -> event.path("stage").asText())
                .containsExactly("RequestReceived", "ResponseStarted", "ResponseComplete");
        assertThat(events.get(1).path("responseStatus").path("code").asInt()).isEqualTo(200);
    }

    @Test
    void namesBothUsersOfAnImpersonation() throws Exception {
        var events = after(
                "- {level: Metadata, users: [admin], omitStages: [RequestReceived]}",
                server -> server.call("GET", CONFIG_MAPS, "", "Impersonate-User", "bob", "Impersonate-Group", "dev"));
        var event = events.getFirst();
        assertThat(event.path("user").path("username").asText()).isEqualTo("admin");
        assertThat(event.path("impersonatedUser").path("username").asText()).isEqualTo("bob");
        assertThat(Documents.text(event.path("impersonatedUser").path("groups")))
                .contains("dev");
    }
}
