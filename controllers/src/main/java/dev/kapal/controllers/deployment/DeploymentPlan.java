package dev.kapal.controllers.deployment;

import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What one round of a rollout writes, in this order. A value.
///
/// @param create the set of the present template, when there is none yet
/// @param updates changed sets
/// @param delete sets that fell out of the revision history
/// @param revision the Deployment's revision annotation, when it must change
/// @param status the Deployment's status, when it must change
/// @param lookAgain when the progress deadline would have passed
record DeploymentPlan(
        Optional<ReplicaSet> create,
        List<Update> updates,
        List<ReplicaSet> delete,
        Optional<String> revision,
        Optional<DeploymentStatus> status,
        Optional<Duration> lookAgain) {

    record Update(ReplicaSet before, ReplicaSet after) {
        boolean resizes() {
            return Facts.replicas(before) != Facts.replicas(after);
        }
    }
}
