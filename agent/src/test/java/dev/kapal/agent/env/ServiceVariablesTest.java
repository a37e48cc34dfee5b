package dev.kapal.agent.env;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceVariablesTest {
    private final List<Service> services = List.of(
            service("default", "kubernetes", "10.96.0.1", "https", 443),
            service("shop", "web-ui", "10.96.0.9", null, 8765),
            service("shop", "headless", "None", null, 1),
            service("other", "db", "10.96.0.8", null, 5432));

    @Test
    void namesTheServicesOfTheNamespaceAndTheApiServer() {
        assertThat(ServiceVariables.of(services, "shop", true))
                .containsEntry("KUBERNETES_SERVICE_HOST", "10.96.0.1")
                .containsEntry("KUBERNETES_SERVICE_PORT", "443")
                .containsEntry("KUBERNETES_SERVICE_PORT_HTTPS", "443")
                .containsEntry("WEB_UI_SERVICE_HOST", "10.96.0.9")
                .containsEntry("WEB_UI_SERVICE_PORT", "8765")
                .containsEntry("WEB_UI_PORT", "tcp://10.96.0.9:8765")
                .containsEntry("WEB_UI_PORT_8765_TCP", "tcp://10.96.0.9:8765")
                .containsEntry("WEB_UI_PORT_8765_TCP_PROTO", "tcp")
                .containsEntry("WEB_UI_PORT_8765_TCP_PORT", "8765")
                .containsEntry("WEB_UI_PORT_8765_TCP_ADDR", "10.96.0.9")
                .doesNotContainKeys("DB_SERVICE_HOST", "HEADLESS_SERVICE_HOST");
    }

    @Test
    void namesOnlyTheApiServerWithoutLinks() {
        assertThat(ServiceVariables.of(services, "shop", false).keySet())
                .allMatch(name -> name.startsWith("KUBERNETES_"))
                .hasSize(8);
    }

    private static Service service(String namespace, String name, String ip, String portName, int port) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withClusterIP(ip)
                .addNewPort()
                .withName(portName)
                .withPort(port)
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }
}
