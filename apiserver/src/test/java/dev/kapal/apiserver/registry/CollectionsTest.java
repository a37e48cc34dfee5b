package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.testkit.Conformance;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Deleting some objects of a kind by what they are labelled with, and none of the others.
class CollectionsTest {
    private static final String SELECTED = "?labelSelector=set%3Dleaving";

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    @Conformance("network-service-delete-collection")
    void leaveTheServiceThatIsNotSelected() {
        var services = "/api/v1/namespaces/default/services";
        for (var name : List.of("a", "b", "c")) {
            api.post(services, """
                            metadata: {name: %s, labels: {set: %s}}
                            spec: {ports: [{port: 80}]}
                            """.formatted(name, name.equals("b") ? "staying" : "leaving"))
                    .is(201);
        }
        assertThat(names(services)).containsExactly("a", "b", "c");

        api.delete(services + SELECTED).is(200);

        assertThat(names(services)).containsExactly("b");
    }

    @Test
    @Conformance("node-lease-api")
    void leaveTheLeaseThatIsNotSelected() {
        var leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
        var held = api.post(leases, """
                        metadata: {name: held, labels: {set: leaving}}
                        spec: {holderIdentity: ada, leaseDurationSeconds: 30, leaseTransitions: 0,
                          acquireTime: "2025-01-01T00:00:00.000000Z", renewTime: "2025-01-01T00:00:05.000000Z"}
                        """).is(201);
        assertThat(api.get(leases + "/held").at("spec")).isEqualTo(held.at("spec"));

        var next = api.get(leases + "/held").json();
        next.withObject("/spec")
                .put("holderIdentity", "bob")
                .put("leaseTransitions", 1)
                .put("renewTime", "2025-01-01T00:00:10.000000Z");
        api.put(leases + "/held", next).is(200);
        assertThat(api.get(leases + "/held").json().path("spec")).isEqualTo(next.path("spec"));

        api.patch(leases + "/held", "strategic-merge-patch", "{\"spec\":{\"holderIdentity\":\"eve\"}}")
                .is(200);
        next.withObject("/spec").put("holderIdentity", "eve");
        assertThat(api.get(leases + "/held").json().path("spec")).isEqualTo(next.path("spec"));

        api.post(leases, "{metadata: {name: other}, spec: {holderIdentity: ada}}")
                .is(201);
        assertThat(names(leases)).containsExactly("held", "other");
        api.delete(leases + SELECTED).is(200);
        assertThat(names(leases)).containsExactly("other");
        api.delete(leases + "/other").is(200);
        api.get(leases + "/other").is(404);
    }

    @Test
    @Conformance("scheduling-limitrange-collection")
    void leaveTheSameKindOfThingInAnotherNamespace() {
        api.post("/api/v1/namespaces", "{metadata: {name: shop}}").is(201);
        for (var namespace : List.of("default", "shop")) {
            api.post("/api/v1/namespaces/" + namespace + "/limitranges", """
                            metadata: {name: small, labels: {set: leaving}}
                            spec: {limits: [{type: Container, defaultRequest: {cpu: 100m}}]}
                            """).is(201);
        }
        assertThat(names("/api/v1/limitranges" + SELECTED)).containsExactly("small", "small");
        var patched = api.patch(
                        "/api/v1/namespaces/default/limitranges/small",
                        "strategic-merge-patch",
                        "{\"spec\":{\"limits\":[{\"type\":\"Container\",\"defaultRequest\":{\"cpu\":\"300m\"}}]}}")
                .is(200);
        assertThat(patched.at("spec.limits.0.defaultRequest.cpu")).isEqualTo("300m");

        api.delete("/api/v1/namespaces/shop/limitranges" + SELECTED).is(200);

        assertThat(api.get("/api/v1/limitranges" + SELECTED).json().path("items"))
                .singleElement()
                .satisfies(left ->
                        assertThat(left.at("/metadata/namespace").asText()).isEqualTo("default"));
    }

    private List<String> names(String collection) {
        return api.get(collection)
                .is(200)
                .json()
                .path("items")
                .valueStream()
                .map((JsonNode item) -> item.at("/metadata/name").asText())
                .toList();
    }
}
