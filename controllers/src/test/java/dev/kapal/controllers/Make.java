package dev.kapal.controllers;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Short verbs for the objects of tests.
public final class Make {
    public static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

    private Make() {}

    public static PodMaker pod(String name) {
        return new PodMaker(new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .withUid("uid-" + name)
                .withResourceVersion("1")
                .withLabels(Map.of("app", "web"))
                .withCreationTimestamp("2025-06-01T11:00:00Z")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build());
    }

    /// A pod under construction.
    public record PodMaker(Pod pod) {
        public PodMaker on(String node) {
            return edit(new PodBuilder(pod).editSpec().withNodeName(node).endSpec());
        }

        public PodMaker phase(String phase) {
            return edit(new PodBuilder(pod).editStatus().withPhase(phase).endStatus());
        }

        public PodMaker ready(Instant since) {
            return phase("Running").condition("Ready", "True", since);
        }

        public PodMaker unready() {
            return condition("Ready", "False", NOW.minusSeconds(60));
        }

        public PodMaker condition(String type, String status, Instant since) {
            return edit(new PodBuilder(pod)
                    .editStatus()
                    .addToConditions(new PodConditionBuilder()
                            .withType(type)
                            .withStatus(status)
                            .withLastTransitionTime(since.toString())
                            .build())
                    .endStatus());
        }

        public PodMaker label(String key, String value) {
            return edit(
                    new PodBuilder(pod).editMetadata().addToLabels(key, value).endMetadata());
        }

        public PodMaker annotation(String key, String value) {
            return edit(new PodBuilder(pod)
                    .editMetadata()
                    .addToAnnotations(key, value)
                    .endMetadata());
        }

        public PodMaker created(Instant at) {
            return edit(new PodBuilder(pod)
                    .editMetadata()
                    .withCreationTimestamp(at.toString())
                    .endMetadata());
        }

        public PodMaker terminating() {
            return edit(new PodBuilder(pod)
                    .editMetadata()
                    .withDeletionTimestamp(NOW.toString())
                    .endMetadata());
        }

        public PodMaker restarts(int count) {
            return edit(new PodBuilder(pod)
                    .editStatus()
                    .addNewContainerStatus()
                    .withName("main")
                    .withRestartCount(count)
                    .endContainerStatus()
                    .endStatus());
        }

        public PodMaker ip(String... addresses) {
            var all = new ArrayList<io.fabric8.kubernetes.api.model.PodIP>();
            for (String address : addresses) {
                all.add(new io.fabric8.kubernetes.api.model.PodIP(address));
            }
            return edit(new PodBuilder(pod)
                    .editStatus()
                    .withPodIP(addresses[0])
                    .withPodIPs(all)
                    .endStatus());
        }

        public PodMaker ownedBy(String kind, String name) {
            return edit(new PodBuilder(pod)
                    .editMetadata()
                    .withOwnerReferences(new OwnerReferenceBuilder()
                            .withApiVersion("apps/v1")
                            .withKind(kind)
                            .withName(name)
                            .withUid("uid-" + name)
                            .withController(true)
                            .build())
                    .endMetadata());
        }

        private PodMaker edit(io.fabric8.kubernetes.api.model.PodFluent<?> edited) {
            return new PodMaker(((PodBuilder) edited).build());
        }
    }

    public static List<String> names(List<? extends io.fabric8.kubernetes.api.model.HasMetadata> objects) {
        return objects.stream().map(object -> object.getMetadata().getName()).toList();
    }
}
