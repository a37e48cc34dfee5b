package dev.kapal.controllers.replicaset;

import dev.kapal.client.OwnerRefs;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.Objects;

/// Makes a pod from a ReplicaSet's template; the server gives it its name.
final class NewPod {
    private NewPod() {}

    static Pod of(ReplicaSet set) {
        var template = set.getSpec().getTemplate();
        var metadata = Objects.requireNonNullElseGet(template.getMetadata(), ObjectMeta::new);
        return new PodBuilder()
                .withNewMetadata()
                .withGenerateName(set.getMetadata().getName() + "-")
                .withNamespace(set.getMetadata().getNamespace())
                .withLabels(metadata.getLabels())
                .withAnnotations(metadata.getAnnotations())
                .withFinalizers(metadata.getFinalizers())
                .withOwnerReferences(OwnerRefs.controlling(set))
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
    }
}
