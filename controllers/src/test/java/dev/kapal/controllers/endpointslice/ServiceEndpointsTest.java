package dev.kapal.controllers.endpointslice;

import static dev.kapal.controllers.Make.NOW;
import static dev.kapal.controllers.Make.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.controllers.Make.PodMaker;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceEndpointsTest {
    private final Service service = new ServiceBuilder()
            .withNewMetadata()
            .withName("web")
            .withNamespace("default")
            .withUid("uid-service")
            .withCreationTimestamp("2025-06-01T10:00:00Z")
            .endMetadata()
            .withNewSpec()
            .withClusterIP("10.96.0.20")
            .withSelector(Map.of("app", "web"))
            .addNewPort()
            .withName("web")
            .withPort(80)
            .withProtocol("TCP")
            .withNewTargetPort("http")
            .endPort()
            .endSpec()
            .build();

    @Test
    void tellsReadyServingAndTerminatingApart() {
        var endpoints = endpoints(
                service,
                listening("a", 8080).ready(NOW).ip("10.244.0.1").on("n1").pod(),
                listening("b", 8080).unready().ip("10.244.0.2").pod(),
                listening("c", 8080).ready(NOW).terminating().ip("10.244.0.3").pod());

        assertThat(endpoints)
                .extracting(endpoint -> endpoint.getTargetRef().getName()
                        + " " + endpoint.getConditions().getReady()
                        + " " + endpoint.getConditions().getServing()
                        + " " + endpoint.getConditions().getTerminating())
                .containsExactly("a true true false", "b false false false", "c false true true");
        assertThat(endpoints.getFirst().getNodeName()).isEqualTo("n1");
        assertThat(endpoints.getFirst().getZone()).isEqualTo("z1");
    }

    @Test
    void leavesOutPodsThatEndedOrHaveNoAddress() {
        assertThat(endpoints(
                        service,
                        listening("a", 8080).phase("Succeeded").ip("10.244.0.1").pod(),
                        listening("b", 8080).pod()))
                .isEmpty();
    }

    @Test
    void publishesThePodsThatAreNotReadyWhenAsked() {
        var eager = new ServiceBuilder(service)
                .editSpec()
                .withPublishNotReadyAddresses(true)
                .endSpec()
                .build();

        assertThat(endpoints(
                        eager, listening("a", 8080).unready().ip("10.244.0.1").pod()))
                .allSatisfy(endpoint -> {
                    assertThat(endpoint.getConditions().getReady()).isTrue();
                    assertThat(endpoint.getConditions().getServing()).isFalse();
                });
    }

    @Test
    void groupsPodsByTheNumbersOfTheirNamedPorts() {
        var wanted = ServiceEndpoints.wanted(
                service,
                List.of(
                        listening("a", 8080).ready(NOW).ip("10.244.0.1").pod(),
                        listening("b", 9090).ready(NOW).ip("10.244.0.2").pod()),
                name -> Optional.empty(),
                Optional.empty());

        assertThat(wanted.groups().keySet())
                .extracting(group -> group.ports().getFirst().getPort())
                .containsExactlyInAnyOrder(8080, 9090);
    }

    @Test
    void namesPodsOfAHeadlessService() {
        var headless = new ServiceBuilder(service)
                .editSpec()
                .withClusterIP("None")
                .endSpec()
                .build();
        var named = new PodBuilder(
                        listening("a", 8080).ready(NOW).ip("10.244.0.1").pod())
                .editSpec()
                .withHostname("first")
                .withSubdomain("web")
                .endSpec()
                .build();

        var wanted = ServiceEndpoints.wanted(headless, List.of(named), name -> Optional.empty(), Optional.empty());

        assertThat(wanted.labels()).containsEntry("service.kubernetes.io/headless", "");
        assertThat(wanted.groups().values().iterator().next().getFirst().getHostname())
                .isEqualTo("first");
    }

    @Test
    void keepsAGroupForEachFamilyOfAddresses() {
        var dual = new ServiceBuilder(service)
                .editSpec()
                .withIpFamilies("IPv4", "IPv6")
                .endSpec()
                .build();

        var wanted = ServiceEndpoints.wanted(
                dual,
                List.of(listening("a", 8080)
                        .ready(NOW)
                        .ip("10.244.0.1", "fd00::1")
                        .pod()),
                name -> Optional.empty(),
                Optional.empty());

        assertThat(wanted.groups().keySet())
                .extracting(Wanted.Group::addressType)
                .containsExactly("IPv4", "IPv6");
    }

    @Test
    void datesAChangeByTheServiceFirstAndByThePodsAfterwards() {
        var triggers = new TriggerTimes();
        var pods = List.of(pod("a").ready(NOW.minusSeconds(50)).pod());

        assertThat(triggers.next(service, pods)).hasToString("Optional[2025-06-01T10:00:00Z]");
        assertThat(triggers.next(service, pods)).isEmpty();
        var grown = List.of(
                pods.getFirst(),
                pod("b").ready(NOW).pod(),
                pod("c").ready(NOW.minusSeconds(5)).pod());
        assertThat(triggers.next(service, grown)).contains(NOW.minusSeconds(5));
    }

    private static PodMaker listening(String name, int port) {
        var pod = new PodBuilder(pod(name).pod())
                .editSpec()
                .editFirstContainer()
                .withPorts(new ContainerPortBuilder()
                        .withName("http")
                        .withContainerPort(port)
                        .build())
                .endContainer()
                .endSpec()
                .build();
        return new PodMaker(pod);
    }

    private static List<Endpoint> endpoints(Service service, Pod... pods) {
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName("n1")
                .addToLabels("topology.kubernetes.io/zone", "z1")
                .endMetadata()
                .build();
        var wanted = ServiceEndpoints.wanted(
                service,
                List.of(pods),
                name -> name.equals("n1") ? Optional.of(node) : Optional.empty(),
                Optional.empty());
        return wanted.groups().values().stream().flatMap(List::stream).toList();
    }
}
