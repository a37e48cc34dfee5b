package dev.kapal.controllers.endpoints;

import static dev.kapal.controllers.Make.NOW;
import static dev.kapal.controllers.Make.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubsetsTest {
    private final Service service = new ServiceBuilder()
            .withNewMetadata()
            .withName("web")
            .withNamespace("default")
            .endMetadata()
            .withNewSpec()
            .withClusterIP("10.96.0.20")
            .addNewPort()
            .withPort(80)
            .withProtocol("TCP")
            .withNewTargetPort(8080)
            .endPort()
            .endSpec()
            .build();

    @Test
    void seatsReadyAndNotReadyPodsOfTheSamePortsTogether() {
        var subsets = Subsets.of(
                service,
                List.of(
                        pod("b").ready(NOW).ip("10.244.0.9").pod(),
                        pod("a").ready(NOW).ip("10.244.0.3").pod(),
                        pod("c").unready().ip("10.244.0.5").pod(),
                        pod("d").ready(NOW).terminating().ip("10.244.0.6").pod(),
                        pod("e").phase("Failed").ip("10.244.0.7").pod()));

        assertThat(subsets).singleElement().satisfies(subset -> {
            assertThat(ips(subset.getAddresses())).containsExactly("10.244.0.3", "10.244.0.9");
            assertThat(ips(subset.getNotReadyAddresses())).containsExactly("10.244.0.5");
            assertThat(subset.getPorts())
                    .singleElement()
                    .satisfies(port -> assertThat(port.getPort()).isEqualTo(8080));
        });
    }

    @Test
    void needsNoPortsForAHeadlessService() {
        var headless = new ServiceBuilder(service)
                .editSpec()
                .withClusterIP("None")
                .withPorts()
                .endSpec()
                .build();

        assertThat(Subsets.of(
                        headless, List.of(pod("a").ready(NOW).ip("10.244.0.3").pod())))
                .singleElement()
                .satisfies(subset -> assertThat(subset.getPorts()).isEmpty());
    }

    @Test
    void cutsOffBeyondAThousandTheNotReadyFirst() {
        var pods = new ArrayList<Pod>();
        for (int i = 0; i < 990; i++) {
            pods.add(pod("r" + i)
                    .ready(NOW)
                    .ip("10.1." + i / 250 + "." + i % 250)
                    .pod());
        }
        for (int i = 0; i < 20; i++) {
            pods.add(pod("n" + i).unready().ip("10.2.0." + i).pod());
        }

        var all = Subsets.of(service, pods);

        assertThat(Subsets.isOverCapacity(all)).isTrue();
        assertThat(Subsets.truncated(all)).singleElement().satisfies(subset -> {
            assertThat(subset.getAddresses()).hasSize(990);
            assertThat(subset.getNotReadyAddresses()).hasSize(10);
        });
    }

    private static List<String> ips(List<EndpointAddress> addresses) {
        return addresses.stream().map(EndpointAddress::getIp).toList();
    }
}
