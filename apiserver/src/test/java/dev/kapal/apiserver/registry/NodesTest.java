package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.api.User;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the agent of a node may write, whatever authorization has let through.
class NodesTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final User ADMIN = User.of("admin", User.MASTERS);
    private static final User NODE = User.of("system:node:n1", "system:nodes");

    private final Api api = Api.withDefaultNamespace();

    @BeforeEach
    void createPods() {
        for (var node : new String[] {"n1", "n2"}) {
            api.post(
                            PODS,
                            "{metadata: {name: on-" + node + "}, spec: {nodeName: " + node
                                    + ", containers: [{name: c, image: i}]}}")
                    .is(201);
        }
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void writesItsOwnNodeOnly() {
        api.as(NODE).post("/api/v1/nodes", "{metadata: {name: n1}}").is(201);

        assertThat(api.post("/api/v1/nodes", "{metadata: {name: n2}}").is(403).at("message"))
                .isEqualTo("nodes \"n2\" is forbidden: node \"n1\" is not allowed to modify node \"n2\"");
    }

    @Test
    void writesTheStatusOfItsOwnPodsOnly() {
        var status = "{\"status\":{\"phase\":\"Running\"}}";

        api.as(NODE)
                .patch(PODS + "/on-n1/status", "strategic-merge-patch", status)
                .is(200);

        assertThat(api.patch(PODS + "/on-n2/status", "strategic-merge-patch", status)
                        .is(403)
                        .at("message"))
                .isEqualTo("pods \"on-n2\" is forbidden: node \"n1\" can only update pod status for pods with"
                        + " spec.nodeName set to itself");
        assertThat(api.as(ADMIN).get(PODS + "/on-n1").at("status.phase")).isEqualTo("Running");
    }

    @Test
    void removesItsOwnPodsOnly() {
        api.as(NODE).delete(PODS + "/on-n1?gracePeriodSeconds=0").is(200);

        api.delete(PODS + "/on-n2?gracePeriodSeconds=0").is(403);
    }

    @Test
    void selectsPodsByNode() {
        var list = api.get(PODS + "?fieldSelector=spec.nodeName%3Dn1").is(200);

        assertThat(list.json().path("items").size()).isEqualTo(1);
        assertThat(list.at("items.0.metadata.name")).isEqualTo("on-n1");
    }
}
