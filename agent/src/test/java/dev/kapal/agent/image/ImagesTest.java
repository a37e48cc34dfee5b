package dev.kapal.agent.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.FakeRuntime;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.pod.PodEvents;
import dev.kapal.agent.pod.PodImages.ImageException;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesTest {
    private static final Pod POD = new PodBuilder()
            .withNewMetadata()
            .withName("web")
            .withUid("u1")
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();

    private final FakeTime time = new FakeTime();
    private final FakeRuntime runtime = new FakeRuntime(time);
    private final List<String> told = new ArrayList<>();
    private final Secrets secrets = new Secrets();
    private final Images images = new Images(runtime, new Told(), secrets, time);

    @Test
    void aPresentImageIsNotPulled() throws Exception {
        runtime.addImage("web:1");

        var id = ensure("web:1", "IfNotPresent");

        assertThat(runtime.imageStatus(id)).isPresent();
        assertThat(runtime.pulls()).isZero();
        assertThat(told).containsExactly("Normal Pulled Container image \"web:1\" already present on machine");
    }

    @Test
    void anImageIsPulledWithThePodsCredentialsForItsRegistry() throws Exception {
        var config = "{\"auths\": {\"registry.example.com\": {\"username\": \"u\", \"password\": \"p\"}}}";
        secrets.byName.put(
                "mine",
                new SecretBuilder()
                        .withData(Map.of(
                                ".dockerconfigjson",
                                Base64.getEncoder().encodeToString(config.getBytes(StandardCharsets.UTF_8))))
                        .build());
        var member = new PodBuilder(POD)
                .editSpec()
                .addNewImagePullSecret("mine")
                .addNewImagePullSecret("gone")
                .endSpec()
                .build();
        for (var image : List.of("registry.example.com/web:1", "other.example.com/web:1")) {
            images.ensure(
                    member,
                    new ContainerBuilder()
                            .withImage(image)
                            .withImagePullPolicy("IfNotPresent")
                            .build(),
                    "spec.containers{web}",
                    PodSandboxConfig.getDefaultInstance());
        }
        assertThat(runtime.pulledAs()).containsExactly("u", "");
        assertThat(told)
                .contains(
                        "Warning FailedToRetrieveImagePullSecret Unable to retrieve some image pull secrets (gone); attempting to pull the image may not succeed.");
    }

    @Test
    void aMissingImageIsPulledWithTheDefaultTag() throws Exception {
        ensure("web", "IfNotPresent");

        assertThat(runtime.imageStatus("web:latest")).isPresent();
        assertThat(told)
                .containsExactly(
                        "Normal Pulling Pulling image \"web\"",
                        "Normal Pulled Successfully pulled image \"web\" in 0s (0s including waiting). Image size: 1024 bytes.");
    }

    @Test
    void thePolicyAlwaysPullsWhatIsPresentToo() throws Exception {
        runtime.addImage("web:1");

        ensure("web:1", "Always");

        assertThat(runtime.pulls()).isEqualTo(1);
    }

    @Test
    void thePolicyNeverRefusesAMissingImage() {
        assertRefused(
                "web:1",
                "Never",
                "ErrImageNeverPull",
                "Container image \"web:1\" is not present with pull policy of Never");
        assertThat(told)
                .containsExactly(
                        "Warning ErrImageNeverPull Container image \"web:1\" is not present with pull policy of Never",
                        "Warning Failed Error: ErrImageNeverPull");
    }

    @Test
    void aFailedPullIsTriedAgainAfterGrowingPauses() throws Exception {
        var failure = new CriException(CriException.Code.NOT_FOUND, "no such image");
        runtime.failPulls("web:1", failure);
        var why = "rpc error: code = NotFound desc = no such image";

        assertRefused("web:1", "IfNotPresent", "ErrImagePull", why);
        time.advance(Duration.ofSeconds(9));
        assertRefused(
                "web:1", "IfNotPresent", "ImagePullBackOff", "Back-off pulling image \"web:1\": ErrImagePull: " + why);
        time.advance(Duration.ofSeconds(1));
        assertRefused("web:1", "IfNotPresent", "ErrImagePull", why);
        time.advance(Duration.ofSeconds(19));
        assertRefused(
                "web:1", "IfNotPresent", "ImagePullBackOff", "Back-off pulling image \"web:1\": ErrImagePull: " + why);
        assertThat(told)
                .startsWith(
                        "Normal Pulling Pulling image \"web:1\"",
                        "Warning Failed Failed to pull image \"web:1\": " + why,
                        "Warning Failed Error: ErrImagePull",
                        "Normal BackOff Back-off pulling image \"web:1\"",
                        "Warning Failed Error: ImagePullBackOff");

        time.advance(Duration.ofSeconds(1));
        runtime.healPulls("web:1");
        ensure("web:1", "IfNotPresent");
        assertThat(runtime.pulls()).isEqualTo(3);
    }

    @Test
    void whatIsNoNameIsRefused() {
        assertRefused(
                "Web:1",
                "IfNotPresent",
                "InvalidImageName",
                "Failed to apply default image tag \"Web:1\": couldn't parse image name \"Web:1\": invalid reference format: repository name (library/Web) must be lowercase");
        assertRefused(
                "web:1 ",
                "IfNotPresent",
                "InvalidImageName",
                "Failed to apply default image tag \"web:1 \": couldn't parse image name \"web:1 \": invalid reference format");
    }

    @ParameterizedTest
    @CsvSource({
        "busybox,busybox:latest",
        "busybox:1,busybox:1",
        "kapal.local/web,kapal.local/web:latest",
        "localhost:5000/a/b__c-d,localhost:5000/a/b__c-d:latest",
        "web@sha256:0123456789abcdef0123456789abcdef,web@sha256:0123456789abcdef0123456789abcdef",
    })
    void namesGetADefaultTag(String name, String expected) {
        assertThat(ImageReference.withTag(name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0,0s", "850,850ms", "1500,1.5s", "60000,1m0s", "120250,2m0.25s", "3600000,1h0m0s"})
    void durationsReadAsInGo(long millis, String expected) {
        assertThat(GoDuration.text(Duration.ofMillis(millis))).isEqualTo(expected);
    }

    private String ensure(String image, String policy) throws ImageException, InterruptedException {
        var container = new ContainerBuilder()
                .withName("main")
                .withImage(image)
                .withImagePullPolicy(policy)
                .build();
        return images.ensure(POD, container, "spec.containers{main}", PodSandboxConfig.getDefaultInstance());
    }

    private void assertRefused(String image, String policy, String reason, String message) {
        assertThatThrownBy(() -> ensure(image, policy)).isInstanceOfSatisfying(ImageException.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal).hasMessage(message);
        });
    }

    private final class Told implements PodEvents {
        @Override
        public void normal(Pod pod, String fieldPath, String reason, String message) {
            told.add("Normal " + reason + " " + message);
        }

        @Override
        public void warning(Pod pod, String fieldPath, String reason, String message) {
            told.add("Warning " + reason + " " + message);
        }
    }
}
