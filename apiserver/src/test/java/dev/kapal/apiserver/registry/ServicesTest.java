package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final String RANGES = "/apis/networking.k8s.io/v1/servicecidrs";

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void givesEachServiceAnAddressOfItsOwn() {
        var addresses = new HashSet<String>();
        for (int i = 0; i < 50; i++) {
            var service = create("s" + i, "{ports: [{port: 80}]}");
            assertThat(service.at("spec.clusterIP")).startsWith("10.96.");
            assertThat(service.at("spec.clusterIPs")).isEqualTo("[\"" + service.at("spec.clusterIP") + "\"]");
            addresses.add(service.at("spec.clusterIP"));
        }
        assertThat(addresses).hasSize(50);
        assertThat(addresses).as("the lower band is for people").noneMatch(a -> a.startsWith("10.96.0."));
    }

    @Test
    void honoursAChosenAddressOnce() {
        create("a", "{clusterIP: 10.96.0.10, ports: [{port: 80}]}");

        var refusal = api.post(SERVICES, "{metadata: {name: b}, spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}}");

        assertThat(refusal.is(422).at("message"))
                .isEqualTo(
                        "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.0.10\"]: failed to allocate"
                                + " IP 10.96.0.10: provided IP is already allocated");
        api.delete(SERVICES + "/a").is(200);
        create("b", "{clusterIP: 10.96.0.10, ports: [{port: 80}]}");
    }

    @Test
    void givesNodePortsAndKeepsThem() {
        var service = create("a", "{type: NodePort, ports: [{port: 80}]}");
        int port = Integer.parseInt(service.at("spec.ports.0.nodePort"));
        assertThat(port).isBetween(30000, 32767);
        assertThat(service.at("spec.externalTrafficPolicy")).isEqualTo("Cluster");

        var updated = api.put(
                SERVICES + "/a",
                "{metadata: {name: a}, spec: {type: NodePort, ports: [{port: 80}], selector: {a: b}}}");
        assertThat(updated.is(200).at("spec.ports.0.nodePort")).isEqualTo(Integer.toString(port));
        assertThat(updated.at("spec.clusterIP")).isEqualTo(service.at("spec.clusterIP"));
    }

    @Test
    void followsChangesOfTheType() {
        create("a", "{ports: [{port: 80}]}");

        var nodePort = api.patch(SERVICES + "/a", "merge-patch", "{\"spec\":{\"type\":\"NodePort\"}}");
        assertThat(nodePort.is(200).at("spec.ports.0.nodePort")).isNotEmpty();

        var plain = api.patch(SERVICES + "/a", "merge-patch", "{\"spec\":{\"type\":\"ClusterIP\"}}");
        assertThat(plain.is(200).at("spec.ports.0.nodePort")).isEmpty();

        var external = api.patch(
                SERVICES + "/a",
                "merge-patch",
                "{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"example.com\"}}");
        assertThat(external.is(200).at("spec.clusterIP")).isEmpty();
    }

    @Test
    void leavesHeadlessServicesWithoutAnAddress() {
        assertThat(create("a", "{clusterIP: None, selector: {a: b}}").at("spec.clusterIPs"))
                .isEqualTo("[\"None\"]");
    }

    @Test
    void keepsAnAddressThatWasGiven() {
        create("a", "{ports: [{port: 80}]}");

        assertThat(api.patch(SERVICES + "/a", "merge-patch", "{\"spec\":{\"clusterIP\":\"10.96.0.99\"}}")
                        .is(422)
                        .at("message"))
                .endsWith("spec.clusterIPs[0]: Invalid value: [\"10.96.0.99\"]: may not change once set");
    }

    @Test
    void takesAddressesFromFurtherRangesWhileTheyCanBeUsed() {
        api.post(RANGES, "{metadata: {name: more}, spec: {cidrs: [10.7.0.0/24]}}")
                .is(201);
        create("a", "{clusterIP: 10.7.0.9, ports: [{port: 80}]}");

        api.patch(
                        RANGES + "/more/status",
                        "merge-patch",
                        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\","
                                + "\"reason\":\"Terminating\",\"message\":\"\","
                                + "\"lastTransitionTime\":\"2024-01-01T00:00:00Z\"}]}}")
                .is(200);
        var refused = api.post(SERVICES, "{metadata: {name: b}, spec: {clusterIP: 10.7.0.10, ports: [{port: 80}]}}");
        assertThat(refused.is(422).at("message"))
                .endsWith("failed to allocate IP 10.7.0.10: the provided network does not match the current range");
    }

    @Test
    void goesOnInAnotherRangeWhenTheFirstIsFull() {
        try (var small = Api.withServiceRange("10.8.0.0/30")) {
            small.post(RANGES, "{metadata: {name: more}, spec: {cidrs: [10.7.0.0/24]}}")
                    .is(201);
            var addresses = new HashSet<String>();
            for (var name : List.of("a", "b", "c")) {
                var service = "{metadata: {name: " + name + "}, spec: {ports: [{port: 80}]}}";
                addresses.add(small.post(SERVICES, service).is(201).at("spec.clusterIP"));
            }
            assertThat(addresses).hasSize(3).contains("10.8.0.1", "10.8.0.2").anyMatch(a -> a.startsWith("10.7.0."));
        }
    }

    @Test
    void leavesAddressesAloneThatSomebodyElseHasTaken() {
        api.post(
                        "/apis/networking.k8s.io/v1/ipaddresses",
                        "{metadata: {name: 10.96.0.20}, spec: {parentRef: {group: example.com, resource: gateways,"
                                + " namespace: default, name: g}}}")
                .is(201);

        var refused = api.post(SERVICES, "{metadata: {name: a}, spec: {clusterIP: 10.96.0.20, ports: [{port: 80}]}}");
        assertThat(refused.is(422).at("message"))
                .endsWith("failed to allocate IP 10.96.0.20: provided IP is already allocated");
    }

    @Test
    void givesNothingAwayInADryRun() {
        var tried = api.post(
                SERVICES + "?dryRun=All", "{metadata: {name: a}, spec: {clusterIP: 10.96.0.7, ports: [{port: 80}]}}");
        assertThat(tried.is(201).at("spec.clusterIP")).isEqualTo("10.96.0.7");

        create("b", "{clusterIP: 10.96.0.7, ports: [{port: 80}]}");
    }

    private Api.Answer create(String name, String spec) {
        return api.post(SERVICES, "{metadata: {name: " + name + "}, spec: " + spec + "}")
                .is(201);
    }
}
