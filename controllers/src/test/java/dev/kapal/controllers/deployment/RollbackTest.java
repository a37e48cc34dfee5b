package dev.kapal.controllers.deployment;

import static dev.kapal.controllers.deployment.Sample.paused;
import static dev.kapal.controllers.deployment.Sample.rolling;
import static dev.kapal.controllers.deployment.Sample.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RollbackTest {
    private static final ReplicaSet FIRST = set("v1", 0, 0, 3);
    private static final ReplicaSet SECOND = set("v2", 3, 3, 3);

    /// A Deployment of `v2` that is to go back.
    private static Deployment wanting(String revision) {
        return new DeploymentBuilder(rolling(3, 1, 0))
                .editMetadata()
                .addToAnnotations(Revisions.REVISION, "2")
                .addToAnnotations(Revisions.ROLLBACK, revision)
                .addToAnnotations("kubernetes.io/change-cause", "second")
                .endMetadata()
                .build();
    }

    private static ReplicaSet remembering(ReplicaSet set, String cause) {
        return new ReplicaSetBuilder(set)
                .editMetadata()
                .addToAnnotations("kubernetes.io/change-cause", cause)
                .endMetadata()
                .build();
    }

    private static String image(Deployment deployment) {
        return deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }

    @Test
    void goesBackToTheRevisionBeforeThePresent() {
        var rollback = Rollback.wanted(wanting("0"), List.of(FIRST, SECOND)).orElseThrow();

        assertThat(rollback.isDone()).isTrue();
        assertThat(rollback.reason()).isEqualTo("DeploymentRollback");
        assertThat(rollback.message()).isEqualTo("Rolled back deployment \"web\" to revision 1");
        assertThat(image(rollback.after())).isEqualTo("v1");
        assertThat(rollback.after().getSpec().getTemplate().getMetadata().getLabels())
                .isEqualTo(Map.of("app", "web"));
    }

    @Test
    void remembersWhyTheRevisionWasMade() {
        var first = remembering(FIRST, "first");
        var rollback = Rollback.wanted(wanting("1"), List.of(first, SECOND)).orElseThrow();

        assertThat(rollback.after().getMetadata().getAnnotations())
                .isEqualTo(Map.of(Revisions.REVISION, "2", "kubernetes.io/change-cause", "first"));
    }

    @Test
    void staysWhereItIsWhenTheTemplateIsTheSame() {
        var rollback = Rollback.wanted(wanting("2"), List.of(FIRST, SECOND)).orElseThrow();

        assertThat(rollback.isDone()).isFalse();
        assertThat(rollback.reason()).isEqualTo("DeploymentRollbackTemplateUnchanged");
        assertThat(rollback.message())
                .isEqualTo("The rollback revision contains the same template as current deployment \"web\"");
        assertThat(rollback.after().getMetadata().getAnnotations()).doesNotContainKey(Revisions.ROLLBACK);
        assertThat(image(rollback.after())).isEqualTo("v2");
    }

    @Test
    void givesUpWhenThereIsNoSuchRevision() {
        var unknown = Rollback.wanted(wanting("7"), List.of(FIRST, SECOND)).orElseThrow();
        assertThat(unknown.reason()).isEqualTo("DeploymentRollbackRevisionNotFound");
        assertThat(unknown.message()).isEqualTo("Unable to find the revision to rollback to.");
        assertThat(unknown.after().getMetadata().getAnnotations()).doesNotContainKey(Revisions.ROLLBACK);

        var only = Rollback.wanted(wanting("0"), List.of(SECOND)).orElseThrow();
        assertThat(only.reason()).isEqualTo("DeploymentRollbackRevisionNotFound");
        assertThat(only.message()).isEqualTo("Unable to find last revision.");
    }

    @Test
    void waitsUntilThePresentTemplateHasItsNumber() {
        assertThat(Rollback.wanted(wanting("0"), List.of(FIRST))).isEmpty();
        assertThat(Rollback.wanted(wanting("0"), List.of(SECOND, set("v3", 1, 1, 3))))
                .isEmpty();
    }

    @Test
    void waitsWhileTheDeploymentIsPaused() {
        assertThat(Rollback.wanted(paused(wanting("1"), true), List.of(FIRST, SECOND)))
                .isEmpty();
    }

    @Test
    void doesNothingUnasked() {
        assertThat(Rollback.wanted(rolling(3, 1, 0), List.of(FIRST, SECOND))).isEmpty();
        assertThat(Rollback.wanted(wanting("one"), List.of(FIRST, SECOND))).isEmpty();
    }
}
