package dev.kapal.controllers.deployment;

import static dev.kapal.controllers.Make.NOW;
import static dev.kapal.controllers.deployment.Sample.rolling;
import static dev.kapal.controllers.deployment.Sample.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeploymentStatusesTest {
    private final Deployment deployment = rolling(3, 1, 0);

    @Test
    void countsAndTellsThatItIsComplete() {
        var status = status(deployment, NOW, set("v1", 0, 0, 3), set("v2", 3, 3, 3));

        assertThat(status.getReplicas()).isEqualTo(3);
        assertThat(status.getUpdatedReplicas()).isEqualTo(3);
        assertThat(status.getAvailableReplicas()).isEqualTo(3);
        assertThat(status.getUnavailableReplicas()).isNull();
        assertThat(status.getObservedGeneration()).isEqualTo(4);
        assertThat(condition(status, "Progressing").getReason()).isEqualTo("NewReplicaSetAvailable");
        assertThat(condition(status, "Progressing").getMessage())
                .isEqualTo("ReplicaSet \"web-v2\" has successfully progressed.");
        assertThat(condition(status, "Available").getMessage()).isEqualTo("Deployment has minimum availability.");
    }

    @Test
    void writesNothingWhenNothingChanged() {
        var sets = List.of(set("v2", 3, 3, 3));
        var done = Sample.with(deployment, status(deployment, NOW, set("v2", 3, 3, 3)));
        done.getMetadata().setAnnotations(Map.of(Revisions.REVISION, "2"));
        // The size annotations of the sample lack the surge; that alone writes nothing either.
        var plan = Rollout.plan(done, sets, Set.of(), NOW.plusSeconds(60));

        assertThat(plan.status()).isEmpty();
        assertThat(plan.revision()).isEmpty();
        assertThat(plan.updates()).isEmpty();
        assertThat(plan.lookAgain()).isEmpty();
    }

    @Test
    void movesTheUpdateTimeWithEachStepButNotTheTransitionTime() {
        var begun = Sample.with(deployment, status(deployment, NOW, set("v1", 3, 3, 3), set("v2", 1, 0, 3)));
        var later = NOW.plusSeconds(30);

        var status = status(begun, later, set("v1", 3, 3, 3), set("v2", 1, 1, 3));

        var progressing = condition(status, "Progressing");
        assertThat(progressing.getReason()).isEqualTo("ReplicaSetUpdated");
        assertThat(progressing.getLastTransitionTime()).isEqualTo(NOW.toString());
        assertThat(progressing.getLastUpdateTime()).isEqualTo(later.toString());
    }

    @Test
    void givesUpWaitingAfterTheDeadline() {
        var stuck = Sample.with(deployment, status(deployment, NOW, set("v1", 3, 3, 3), set("v2", 1, 0, 3)));
        var waiting =
                Rollout.plan(stuck, List.of(set("v1", 3, 3, 3), set("v2", 1, 0, 3)), Set.of(), NOW.plusSeconds(100));
        assertThat(waiting.lookAgain()).contains(Duration.ofSeconds(501));

        var status = status(stuck, NOW.plusSeconds(601), set("v1", 3, 3, 3), set("v2", 1, 0, 3));

        var progressing = condition(status, "Progressing");
        assertThat(progressing.getStatus()).isEqualTo("False");
        assertThat(progressing.getReason()).isEqualTo("ProgressDeadlineExceeded");
        assertThat(progressing.getMessage()).isEqualTo("ReplicaSet \"web-v2\" has timed out progressing.");
    }

    @Test
    void startsTheClockAnewWhenItIsResumed() {
        var paused = Sample.paused(deployment, true);
        var noted = Sample.with(paused, status(paused, NOW, set("v2", 3, 0, 3)));
        var resumed = Sample.paused(noted, false);

        var status = status(resumed, NOW.plusSeconds(5000), set("v2", 3, 0, 3));

        assertThat(condition(noted.getStatus(), "Progressing").getReason()).isEqualTo("DeploymentPaused");
        assertThat(condition(status, "Progressing").getReason()).isEqualTo("DeploymentResumed");
        assertThat(condition(status, "Progressing").getStatus()).isEqualTo("Unknown");
    }

    @Test
    void hasNoProgressWithoutADeadline() {
        deployment.getSpec().setProgressDeadlineSeconds(Integer.MAX_VALUE);

        var status = status(deployment, NOW, set("v2", 1, 0, 3));

        assertThat(status.getConditions())
                .extracting(DeploymentCondition::getType)
                .containsExactly("Available");
    }

    @Test
    void passesOnTheFailureOfASet() {
        var failing = new ReplicaSetBuilder(set("v2", 3, 0, 3))
                .editStatus()
                .addNewCondition()
                .withType("ReplicaFailure")
                .withStatus("True")
                .withReason("FailedCreate")
                .withMessage("quota")
                .withLastTransitionTime(NOW.toString())
                .endCondition()
                .endStatus()
                .build();

        var failed = Sample.with(deployment, status(deployment, NOW, failing));
        var healed = status(failed, NOW, set("v2", 3, 0, 3));

        assertThat(condition(failed.getStatus(), "ReplicaFailure").getMessage()).isEqualTo("quota");
        assertThat(Facts.condition(healed, "ReplicaFailure")).isEmpty();
    }

    private static DeploymentStatus status(Deployment deployment, Instant now, ReplicaSet... sets) {
        return Rollout.plan(deployment, List.of(sets), Set.of(), now).status().orElseThrow();
    }

    private static DeploymentCondition condition(DeploymentStatus status, String type) {
        return Facts.condition(status, type).orElseThrow();
    }
}
