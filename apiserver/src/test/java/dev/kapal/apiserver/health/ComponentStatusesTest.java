package dev.kapal.apiserver.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.TestServer;
import dev.kapal.apiserver.authn.ObjectReader;
import dev.kapal.model.codec.Documents;
import dev.kapal.testkit.FakeTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How the parts of the control plane are.
class ComponentStatusesTest {
    private static final String PATH = "/api/v1/componentstatuses";

    private static TestServer.Answer get(TestServer server, String path, String... headers) throws Exception {
        return server.call("GET", path, "", headers);
    }

    @Test
    void areReadAndNothingElse() throws Exception {
        try (var server = TestServer.start()) {
            var list = get(server, PATH);
            assertThat(list.headers().first("Warning"))
                    .contains("299 - \"v1 ComponentStatus is deprecated in v1.19+\"");
            assertThat(list.document().path("kind").asText()).isEqualTo("ComponentStatusList");
            assertThat(list.document().path("items")).hasSize(3);
            var store = get(server, PATH + "/etcd-0").document();
            assertThat(store.path("conditions").toString())
                    .isEqualTo("[{\"type\":\"Healthy\",\"status\":\"True\",\"message\":\"ok\"}]");
            assertThat(get(server, PATH + "?fieldSelector=metadata.name%3Dscheduler")
                            .document()
                            .path("items"))
                    .hasSize(1);
            assertThat(get(server, PATH + "/other").status()).isEqualTo(404);
            var table = get(server, PATH, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                    .document();
            assertThat(table.path("rows").path(1).path("cells").toString())
                    .isEqualTo("[\"etcd-0\",\"Healthy\",\"ok\",\"\"]");
        }
    }

    @Test
    void ofOtherProcessesAreKnownByTheirLeases() throws Exception {
        var time = new FakeTime();
        var lease = Documents.object();
        lease.putObject("spec").put("renewTime", time.instant().toString()).put("leaseDurationSeconds", 15);
        ObjectReader objects = (resource, namespace, name) ->
                name.equals("kube-scheduler") ? Optional.<ObjectNode>of(lease) : Optional.empty();
        var components = new Components(objects, Optional::empty, time);

        assertThat(components.objection("scheduler")).isEmpty();
        assertThat(components.objection("controller-manager")).contains("nobody leads as kube-controller-manager");
        time.advance(Duration.ofSeconds(16));
        assertThat(components.objection("scheduler").orElseThrow()).startsWith("the lease of kube-scheduler was last");
        components.started("controller-manager", Optional::empty);
        assertThat(components.objection("controller-manager")).isEmpty();
    }
}
