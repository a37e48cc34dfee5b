package dev.kapal.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Json;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusChannelTest {
    private static final PodKey POD = new PodKey("default", "web", "uid-1");

    @Test
    void aPatchNamesThePodAndTakesAwayWhatIsNotThereAnyMore() throws Exception {
        var status = new PodStatusBuilder()
                .withPhase("Running")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .build();
        var patch = Json.mapper().readTree(StatusChannel.patch(POD, status, new PodStatus()));
        assertThat(patch.at("/metadata/uid").asText()).isEqualTo("uid-1");
        assertThat(patch.at("/status/phase").asText()).isEqualTo("Running");
        assertThat(patch.at("/status/reason").isNull()).isTrue();
        assertThat(patch.at("/status/conditions/0/message").isNull()).isTrue();
    }

    @Test
    void aNewAddressReplacesTheOldOne() throws Exception {
        var before = new PodStatus();
        before.setPodIPs(List.of(new PodIP("10.244.0.2")));
        var after = new PodStatus();
        after.setPodIPs(List.of(new PodIP("10.244.0.3")));
        var patch = Json.mapper().readTree(StatusChannel.patch(POD, after, before));
        assertThat(patch.at("/status/podIPs").toString())
                .isEqualTo("[{\"$patch\":\"replace\"},{\"ip\":\"10.244.0.3\"}]");
    }
}
