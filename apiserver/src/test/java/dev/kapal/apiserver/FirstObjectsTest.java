package dev.kapal.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.testkit.Conformance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What a server keeps from its first moment on, so that clients in the cluster find it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstObjectsTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private JsonNode get(String path) throws Exception {
        var answer = server.call("GET", path, "");
        assertThat(answer.status()).as(path).isEqualTo(200);
        return answer.document();
    }

    @Test
    @Conformance("network-service-kubernetes-service")
    void isAServiceItself() throws Exception {
        var service = get("/api/v1/namespaces/default/services/kubernetes");
        assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("10.96.0.1");
        assertThat(service.at("/spec/ports/0/name").asText()).isEqualTo("https");
        assertThat(service.at("/spec/ports/0/port").asInt()).isEqualTo(443);
    }

    @Test
    @Conformance("network-service-find-in-all-namespaces")
    void isFoundAmongTheServicesOfAllNamespaces() throws Exception {
        assertThat(get("/api/v1/services").path("items")).anySatisfy(service -> {
            assertThat(service.at("/metadata/name").asText()).isEqualTo("kubernetes");
            assertThat(service.at("/metadata/namespace").asText()).isEqualTo("default");
        });
    }

    @Test
    @Conformance("network-endpointslice-api-server")
    void isWhereItsServicePointsTo() throws Exception {
        assertThat(get("/apis/discovery.k8s.io/v1").path("resources"))
                .extracting(resource -> resource.path("name").asText())
                .contains("endpointslices");
        var endpoints = get("/api/v1/namespaces/default/endpoints/kubernetes");
        assertThat(endpoints.path("subsets")).hasSize(1);
        assertThat(endpoints.at("/subsets/0/addresses"))
                .extracting(address -> address.path("ip").asText())
                .containsExactly("192.0.2.7");
        assertThat(endpoints.at("/subsets/0/ports/0/port").asInt()).isEqualTo(server.port());

        var slices = get("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
                        + "?labelSelector=kubernetes.io/service-name%3Dkubernetes")
                .path("items");
        assertThat(slices).hasSize(1);
        var slice = slices.get(0);
        assertThat(slice.at("/endpoints/0/addresses/0").asText()).isEqualTo("192.0.2.7");
        assertThat(slice.path("endpoints")).hasSize(1);
        assertThat(slice.at("/ports/0/port").asInt()).isEqualTo(server.port());
    }
}
