package dev.kapal.scheduler.plugin;

import dev.kapal.client.Api;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.snapshot.PodFacts;
import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;

/// Writes the binding through the API server.
final class DefaultBinder implements Plugin.Bind {
    private final Api api;

    DefaultBinder(Api api) {
        this.api = api;
    }

    @Override
    public String name() {
        return "DefaultBinder";
    }

    @Override
    public boolean bind(PodFacts pod, String node) throws InterruptedException {
        api.post(Pod.class, pod.key(), "binding", binding(pod, node));
        return true;
    }

    /// With the pod's uid: the binding must not hit a later pod of the same name.
    static Binding binding(PodFacts pod, String node) {
        return new BindingBuilder()
                .withNewMetadata()
                .withNamespace(pod.key().namespace())
                .withName(pod.key().name())
                .withUid(pod.uid())
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName(node)
                .endTarget()
                .build();
    }
}
