package dev.kapal.controllers.workload;

import static dev.kapal.controllers.Make.NOW;
import static dev.kapal.controllers.Make.names;
import static dev.kapal.controllers.Make.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.select.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private static final LabelSelector WEB = LabelSelector.ofLabels(Map.of("app", "web"));
    private static final List<Pod> PODS = List.of(
            pod("own").ownedBy("ReplicaSet", "web").pod(),
            pod("own-but-other")
                    .label("app", "other")
                    .ownedBy("ReplicaSet", "web")
                    .pod(),
            pod("foreign").ownedBy("ReplicaSet", "shop").pod(),
            pod("orphan").pod(),
            pod("orphan-but-other").label("app", "other").pod(),
            pod("orphan-but-going").terminating().pod());

    @Test
    void adoptsMatchingOrphansAndReleasesWhatNoLongerMatches() {
        var claims = Claims.of(owner(), WEB, PODS);

        assertThat(names(claims.own())).containsExactly("own");
        assertThat(names(claims.adopt())).containsExactly("orphan");
        assertThat(names(claims.release())).containsExactly("own-but-other");
    }

    @Test
    void neitherAdoptsNorReleasesWhileItIsBeingDeleted() {
        var leaving = new ReplicaSetBuilder(owner())
                .editMetadata()
                .withDeletionTimestamp(NOW.toString())
                .endMetadata()
                .build();

        var claims = Claims.of(leaving, WEB, PODS);

        assertThat(names(claims.own())).containsExactly("own");
        assertThat(claims.adopt()).isEmpty();
        assertThat(claims.release()).isEmpty();
    }

    private static ReplicaSet owner() {
        return new ReplicaSetBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("default")
                .withUid("uid-web")
                .endMetadata()
                .build();
    }
}
