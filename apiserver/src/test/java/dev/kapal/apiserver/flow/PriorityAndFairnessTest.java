package dev.kapal.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.TestServer;
import dev.kapal.http.Peer;
import dev.kapal.model.codec.Documents;
import dev.kapal.testkit.Conformance;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PriorityAndFairnessTest {
    private static final String BASE = "/apis/flowcontrol.apiserver.k8s.io/v1/";

    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start().healthy();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String uid(String plural, String name) throws Exception {
        return server.call("GET", BASE + plural + "/" + name, "")
                .document()
                .path("metadata")
                .path("uid")
                .asText();
    }

    @Test
    void makesTheObjectsOfEveryCluster() throws Exception {
        var schemas = server.call("GET", BASE + "flowschemas", "").document().path("items");
        assertThat(schemas)
                .extracting(schema -> schema.path("metadata").path("name").asText())
                .containsExactlyInAnyOrder(
                        "catch-all",
                        "exempt",
                        "global-default",
                        "kube-controller-manager",
                        "kube-scheduler",
                        "kube-system-service-accounts",
                        "probes",
                        "service-accounts",
                        "system-leader-election",
                        "system-node-high",
                        "system-nodes");
        assertThat(server.call("GET", BASE + "prioritylevelconfigurations", "")
                        .document()
                        .path("items"))
                .hasSize(8);
    }

    @Test
    void saysInEachAnswerWhichWayItWent() throws Exception {
        var admin = server.call("GET", "/api/v1/namespaces", "");
        assertThat(admin.headers().first("X-Kubernetes-PF-FlowSchema-UID")).contains(uid("flowschemas", "exempt"));
        var bob = server.callAs(new Peer.Local("bob", List.of()), "GET", "/api/v1/namespaces", "");
        assertThat(bob.headers().first("X-Kubernetes-PF-FlowSchema-UID"))
                .contains(uid("flowschemas", "global-default"));
        assertThat(bob.headers().first("X-Kubernetes-PF-PriorityLevel-UID"))
                .contains(uid("prioritylevelconfigurations", "global-default"));
    }

    @Test
    @Conformance({"api-apf-flowschema-api", "api-apf-prioritylevel-api"})
    void servesBothKindsWhole() throws Exception {
        assertThat(server.call("GET", "/apis/flowcontrol.apiserver.k8s.io/v1", "")
                        .text())
                .contains("\"flowschemas\"", "\"flowschemas/status\"")
                .contains("\"prioritylevelconfigurations\"", "\"prioritylevelconfigurations/status\"");
        var level =
                "{\"metadata\":{\"name\":\"t\",\"labels\":{\"t\":\"t\"}},\"spec\":{\"type\":\"Limited\",\"limited\":{"
                        + "\"nominalConcurrencyShares\":2,\"limitResponse\":{\"type\":\"Reject\"}}}}";
        var schema = "{\"metadata\":{\"name\":\"t\",\"labels\":{\"t\":\"t\"}},\"spec\":{\"matchingPrecedence\":10,"
                + "\"priorityLevelConfiguration\":{\"name\":\"t\"},\"distinguisherMethod\":{\"type\":\"ByUser\"},"
                + "\"rules\":[{\"subjects\":[{\"kind\":\"User\",\"user\":{\"name\":\"nobody\"}}],"
                + "\"nonResourceRules\":[{\"verbs\":[\"get\"],\"nonResourceURLs\":[\"/never\"]}]}]}}";
        wholeLife("prioritylevelconfigurations", level);
        wholeLife("flowschemas", schema);
    }

    private void wholeLife(String plural, String body) throws Exception {
        assertThat(server.call("POST", BASE + plural, body).status()).isEqualTo(201);
        String path = BASE + plural + "/t";
        var merge = "application/merge-patch+json";
        assertThat(server.call("PATCH", path, "{\"metadata\":{\"annotations\":{\"a\":\"1\"}}}", "Content-Type", merge)
                        .status())
                .isEqualTo(200);
        var read = server.call("GET", path, "").document();
        ((ObjectNode) read.path("metadata").path("annotations")).put("a", "2");
        assertThat(server.call("PUT", path, Documents.text(read))
                        .document()
                        .path("metadata")
                        .path("annotations")
                        .path("a")
                        .asText())
                .isEqualTo("2");
        var status =
                "{\"status\":{\"conditions\":[{\"type\":\"X\",\"status\":\"True\",\"lastTransitionTime\":\"2025-01-01T00:00:00Z\",\"reason\":\"R\",\"message\":\"M\"}]}}";
        assertThat(server.call("PATCH", path + "/status", status, "Content-Type", merge)
                        .status())
                .isEqualTo(200);
        assertThat(server.call("GET", BASE + plural + "?labelSelector=t", "")
                        .document()
                        .path("items"))
                .hasSize(1);
        assertThat(server.call("GET", BASE + plural + "?watch=1&labelSelector=t&timeoutSeconds=1", "")
                        .text())
                .contains("\"ADDED\"");
        assertThat(server.call("DELETE", path, "").status()).isEqualTo(200);
        assertThat(server.call("POST", BASE + plural, body).status()).isEqualTo(201);
        assertThat(server.call("DELETE", BASE + plural + "?labelSelector=t", "").status())
                .isEqualTo(200);
        assertThat(server.call("GET", path, "").status()).isEqualTo(404);
    }

    @Test
    void tellsASchemaThatItsLevelIsMissing() {
        var schema = Documents.object();
        schema.putObject("spec").putObject("priorityLevelConfiguration").put("name", "gone");
        var changed = FlowKeeper.withCondition(schema, Set.of("system"), java.time.Instant.EPOCH)
                .orElseThrow();
        var condition = changed.path("status").path("conditions").path(0);
        assertThat(condition.path("status").asText()).isEqualTo("True");
        assertThat(condition.path("reason").asText()).isEqualTo("NotFound");
        assertThat(condition.path("message").asText())
                .isEqualTo(
                        "This FlowSchema references the PriorityLevelConfiguration object named \"gone\" but there is no such object");
        assertThat(FlowKeeper.withCondition(changed, Set.of("system"), java.time.Instant.now()))
                .isEmpty();
    }

    @Test
    void leavesASuggestedObjectAloneThatSomebodyTookOver() {
        var wanted = DefaultObjects.all().stream()
                .filter(one -> one.name().equals("workload-low"))
                .findFirst()
                .orElseThrow();
        var theirs = wanted.document();
        ((ObjectNode) theirs.path("spec").path("limited")).put("nominalConcurrencyShares", 7);
        assertThat(FlowKeeper.mended(wanted, theirs)).isPresent();
        ((ObjectNode) theirs.path("metadata").path("annotations")).put(DefaultObjects.AUTOUPDATE, "false");
        assertThat(FlowKeeper.mended(wanted, theirs)).isEqualTo(Optional.empty());
        assertThat(FlowKeeper.mended(wanted, wanted.document())).isEmpty();
    }

    @Test
    void showsItsSeatsInTheMetrics() throws Exception {
        server.callAs(new Peer.Local("bob", List.of()), "GET", "/api/v1/namespaces", "");
        assertThat(server.call("GET", "/metrics", "").text())
                .contains("apiserver_current_inflight_requests{request_kind=\"readOnly\"} ")
                .contains("apiserver_flowcontrol_nominal_limit_seats{priority_level=\"workload-low\"} 24")
                .contains(
                        "apiserver_flowcontrol_dispatched_requests_total{priority_level=\"global-default\",flow_schema=\"global-default\"}");
    }
}
