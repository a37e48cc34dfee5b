package dev.kapal.controllers.deployment;

import static dev.kapal.controllers.Make.NOW;

import dev.kapal.client.OwnerRefs;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.Map;

/// Deployments and their sets for the tests of one plan. A set is named by the image of its template; a Deployment of
/// image `v2` finds its newest set in `set("v2", …)`.
final class Sample {
    private Sample() {}

    static Deployment rolling(int replicas, Object surge, Object unavailable) {
        return new DeploymentBuilder(deployment(replicas))
                .editSpec()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(new IntOrString(surge))
                .withMaxUnavailable(new IntOrString(unavailable))
                .endRollingUpdate()
                .endStrategy()
                .endSpec()
                .build();
    }

    static Deployment recreate(int replicas) {
        return new DeploymentBuilder(deployment(replicas))
                .editSpec()
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .endSpec()
                .build();
    }

    private static Deployment deployment(int replicas) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("default")
                .withUid("uid-web")
                .withGeneration(4L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withProgressDeadlineSeconds(600)
                .withRevisionHistoryLimit(10)
                .withNewSelector()
                .withMatchLabels(Map.of("app", "web"))
                .endSelector()
                .withTemplate(template("v2"))
                .endSpec()
                .build();
    }

    static Deployment with(Deployment deployment, DeploymentStatus status) {
        return new DeploymentBuilder(deployment).withStatus(status).build();
    }

    static Deployment paused(Deployment deployment, boolean paused) {
        return new DeploymentBuilder(deployment)
                .editSpec()
                .withPaused(paused)
                .endSpec()
                .build();
    }

    /// A set of the template with this image, all its pods there, `available` of them available; sized for `desired`.
    static ReplicaSet set(String image, int replicas, int available, int desired) {
        int number = Integer.parseInt(image.substring(1));
        String hash = Templates.hash(template(image), 0);
        return new ReplicaSetBuilder()
                .withNewMetadata()
                .withName("web-" + image)
                .withNamespace("default")
                .withUid("uid-" + image)
                .withGeneration(1L)
                .withCreationTimestamp(NOW.minusSeconds(1000L - number).toString())
                .addToAnnotations(Revisions.REVISION, Integer.toString(number))
                .addToAnnotations(Revisions.sized(Map.of(), desired, desired))
                .withOwnerReferences(OwnerRefs.controlling(deployment(1)))
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withTemplate(Templates.withLabel(template(image), hash))
                .endSpec()
                .withNewStatus()
                .withReplicas(replicas)
                .withReadyReplicas(available)
                .withAvailableReplicas(available)
                .withObservedGeneration(1L)
                .endStatus()
                .build();
    }

    static ReplicaSet sizedFor(ReplicaSet set, int desired, int max) {
        return new ReplicaSetBuilder(set)
                .editMetadata()
                .addToAnnotations(Revisions.sized(Map.of(), desired, max))
                .endMetadata()
                .build();
    }

    static PodTemplateSpec template(String image) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage(image)
                .endContainer()
                .endSpec()
                .build();
    }
}
