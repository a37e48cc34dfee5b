package dev.kapal.network.proxy;

import static dev.kapal.network.proxy.Objects.at;
import static dev.kapal.network.proxy.Objects.elsewhere;
import static dev.kapal.network.proxy.Objects.service;
import static dev.kapal.network.proxy.Objects.tcp;
import static dev.kapal.network.proxy.Objects.terminating;
import static dev.kapal.network.proxy.Objects.unready;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceHealthTest {
    private static ServiceBuilder balanced() {
        return service("web", "10.96.0.20")
                .editSpec()
                .withType("LoadBalancer")
                .withExternalTrafficPolicy("Local")
                .withHealthCheckNodePort(30500)
                .endSpec();
    }

    @Test
    void countsWhatIsReadyHereOnce() {
        var slices = List.of(
                tcp(at("10.244.0.5"), at("10.244.0.6"), elsewhere("10.244.1.5")),
                tcp(at("10.244.0.6"), terminating("10.244.0.7"), unready("10.244.0.8")));

        assertThat(ServiceHealth.of(balanced().build(), slices, "me")).contains(new ServiceHealth(30500, 2));
        assertThat(ServiceHealth.of(balanced().build(), List.of(), "me")).contains(new ServiceHealth(30500, 0));
    }

    @Test
    void isToldOfNothingElse() {
        assertNone(service("web", "10.96.0.20").build());
        assertNone(balanced().editSpec().withType("NodePort").endSpec().build());
        assertNone(balanced()
                .editSpec()
                .withExternalTrafficPolicy("Cluster")
                .endSpec()
                .build());
        assertNone(balanced().editSpec().withHealthCheckNodePort(0).endSpec().build());
        assertNone(balanced()
                .editMetadata()
                .addToLabels("service.kubernetes.io/service-proxy-name", "other")
                .endMetadata()
                .build());
    }

    private static void assertNone(Service service) {
        assertThat(ServiceHealth.of(service, List.of(tcp(at("10.244.0.5"))), "me"))
                .isEmpty();
    }
}
