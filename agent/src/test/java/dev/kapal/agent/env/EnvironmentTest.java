package dev.kapal.agent.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private static final PodAddresses ADDRESSES = new PodAddresses(List.of("192.0.2.7"), List.of("10.244.0.5"));
    private static final References REFERENCES = new References() {
        @Override
        public Optional<ConfigMap> configMap(String namespace, String name) {
            return name.equals("settings")
                    ? Optional.of(new ConfigMapBuilder()
                            .addToData("color", "blue")
                            .addToData("shape", "round")
                            .build())
                    : Optional.empty();
        }

        @Override
        public Optional<Secret> secret(String namespace, String name) {
            return name.equals("key")
                    ? Optional.of(
                            new SecretBuilder().addToData("token", "czNjcmV0").build())
                    : Optional.empty();
        }
    };
    private final Environment environment =
            new Environment(REFERENCES, Map.of("cpu", new Quantity("2"), "memory", new Quantity("4Gi")));

    @Test
    void laterSourcesWinOverEarlierOnes() throws Exception {
        var container = new ContainerBuilder()
                .withName("c")
                .addNewEnvFrom()
                .withNewConfigMapRef("settings", false)
                .endEnvFrom()
                .addNewEnvFrom()
                .withPrefix("S_")
                .withNewSecretRef("key", false)
                .endEnvFrom()
                .addNewEnv()
                .withName("color")
                .withValue("red")
                .endEnv()
                .addNewEnv()
                .withName("both")
                .withValue("$(color) $(S_token) $(WEB_SERVICE_HOST) $(later)")
                .endEnv()
                .addNewEnv()
                .withName("later")
                .withValue("x")
                .endEnv()
                .build();
        assertThat(environment.of(pod(), container, ADDRESSES, Map.of("WEB_SERVICE_HOST", "10.96.0.9", "color", "no")))
                .containsEntry("color", "red")
                .containsEntry("shape", "round")
                .containsEntry("S_token", "s3cret")
                .containsEntry("both", "red s3cret 10.96.0.9 $(later)")
                .containsEntry("WEB_SERVICE_HOST", "10.96.0.9");
    }

    @Test
    void readsFieldsAndResources() throws Exception {
        var container = new ContainerBuilder()
                .withName("c")
                .addNewEnv()
                .withName("IP")
                .withNewValueFrom()
                .withNewFieldRef("v1", "status.podIP")
                .endValueFrom()
                .endEnv()
                .addNewEnv()
                .withName("APP")
                .withNewValueFrom()
                .withNewFieldRef("v1", "metadata.labels['app']")
                .endValueFrom()
                .endEnv()
                .addNewEnv()
                .withName("CPU")
                .withNewValueFrom()
                .withResourceFieldRef(new ResourceFieldSelector("c", null, "limits.cpu"))
                .endValueFrom()
                .endEnv()
                .addNewEnv()
                .withName("MI")
                .withNewValueFrom()
                .withResourceFieldRef(new ResourceFieldSelector("c", new Quantity("1Mi"), "limits.memory"))
                .endValueFrom()
                .endEnv()
                .build();
        assertThat(environment.of(pod(), container, ADDRESSES, Map.of()))
                .isEqualTo(Map.of("IP", "10.244.0.5", "APP", "web", "CPU", "1", "MI", "4096"));
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> environment.of(pod(), keyOf("other", "color", false), ADDRESSES, Map.of()))
                .isInstanceOf(MissingConfigException.class)
                .hasMessage("configmap \"other\" not found");
        assertThatThrownBy(() -> environment.of(pod(), keyOf("settings", "size", false), ADDRESSES, Map.of()))
                .hasMessage("couldn't find key size in ConfigMap default/settings");
    }

    @Test
    void leavesOutWhatIsOptionalAndMissing() throws Exception {
        assertThat(environment.of(pod(), keyOf("settings", "size", true), ADDRESSES, Map.of()))
                .isEmpty();
        assertThat(environment.of(pod(), keyOf("other", "size", true), ADDRESSES, Map.of()))
                .isEmpty();
    }

    private static io.fabric8.kubernetes.api.model.Container keyOf(String map, String key, boolean optional) {
        return new ContainerBuilder()
                .withName("c")
                .addNewEnv()
                .withName("X")
                .withNewValueFrom()
                .withNewConfigMapKeyRef(key, map, optional)
                .endValueFrom()
                .endEnv()
                .build();
    }

    private static Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("web-1")
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("c")
                .withNewResources()
                .addToLimits("cpu", new Quantity("250m"))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }
}
