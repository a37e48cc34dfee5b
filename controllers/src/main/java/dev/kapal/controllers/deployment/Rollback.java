package dev.kapal.controllers.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The answer to a client of the first versions that wants an earlier revision back. A value; deciding is pure.
///
/// Source: extensions/v1beta1 API reference, DeploymentRollback.
///
/// @param after the Deployment without that wish, and with the template of the revision where there is one to go back
/// to
/// @param isDone whether it goes back
/// @param reason of the event that tells
record Rollback(Deployment after, boolean isDone, String reason, String message) {
    private static final String NOT_FOUND = "DeploymentRollbackRevisionNotFound";

    /// Empty when nobody wants one, or not now: while the Deployment is paused, and until its newest set has a number.
    ///
    /// @param owned the Deployment's sets
    static Optional<Rollback> wanted(Deployment deployment, List<ReplicaSet> owned) {
        var wish = Revisions.wantedBack(deployment);
        boolean waits = deployment.getMetadata().getDeletionTimestamp() != null
                || Facts.isPaused(deployment)
                || !isNumbered(deployment, owned);
        return wish.isEmpty() || waits ? Optional.empty() : Optional.of(decide(deployment, owned, wish.getAsLong()));
    }

    private static boolean isNumbered(Deployment deployment, List<ReplicaSet> owned) {
        return owned.stream()
                .filter(set -> Templates.isOf(set, deployment))
                .min(Facts.OLDEST_FIRST)
                .filter(set -> Revisions.revision(set).orElse(0) == Revisions.newest(owned))
                .isPresent();
    }

    private static Rollback decide(Deployment deployment, List<ReplicaSet> owned, long wish) {
        long revision = wish == 0 ? last(owned) : wish;
        if (revision == 0) {
            return givenUp(deployment, NOT_FOUND, "Unable to find last revision.");
        }
        return owned.stream()
                .filter(set -> Revisions.revision(set).orElse(0) == revision)
                .findFirst()
                .map(set -> to(set, deployment, revision))
                .orElseGet(() -> givenUp(deployment, NOT_FOUND, "Unable to find the revision to rollback to."));
    }

    /// The revision before the newest; 0 when there is none.
    private static long last(List<ReplicaSet> owned) {
        return owned.stream()
                .map(set -> Revisions.revision(set).orElse(0))
                .sorted(Comparator.reverseOrder())
                .skip(1)
                .findFirst()
                .orElse(0L);
    }

    private static Rollback to(ReplicaSet set, Deployment deployment, long revision) {
        var name = deployment.getMetadata().getName();
        if (Templates.isOf(set, deployment)) {
            var message = "The rollback revision contains the same template as current deployment \"" + name + "\"";
            return givenUp(deployment, "DeploymentRollbackTemplateUnchanged", message);
        }
        var after = new DeploymentBuilder(deployment)
                .editMetadata()
                .withAnnotations(Revisions.ofRolledBack(deployment, set))
                .removeFromAnnotations(Revisions.ROLLBACK)
                .endMetadata()
                .editSpec()
                .withTemplate(Templates.withoutHash(set.getSpec().getTemplate()))
                .endSpec()
                .build();
        var message = "Rolled back deployment \"" + name + "\" to revision " + revision;
        return new Rollback(after, true, "DeploymentRollback", message);
    }

    /// The wish is given up.
    private static Rollback givenUp(Deployment deployment, String reason, String message) {
        var after = new DeploymentBuilder(deployment)
                .editMetadata()
                .removeFromAnnotations(Revisions.ROLLBACK)
                .endMetadata()
                .build();
        return new Rollback(after, false, reason, message);
    }
}
