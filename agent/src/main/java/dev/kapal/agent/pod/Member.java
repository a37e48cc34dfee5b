package dev.kapal.agent.pod;

import dev.kapal.client.Json;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;

/// A container of a pod's spec and the part it plays in the pod. Immutable.
record Member(Container spec, Role role) {
    enum Role {
        /// Runs to its end before the next one starts.
        INIT,
        /// Starts in the order of the init containers, and goes on as long as the pod does.
        SIDECAR,
        /// What the pod is for.
        APP,
        /// Added to the running pod by a user who looks into it; never restarted.
        EPHEMERAL
    }

    String name() {
        return spec.getName();
    }

    /// Where events say that it stands.
    String fieldPath() {
        return switch (role) {
            case INIT, SIDECAR -> "spec.initContainers{" + name() + "}";
            case APP -> "spec.containers{" + name() + "}";
            case EPHEMERAL -> "spec.ephemeralContainers{" + name() + "}";
        };
    }

    /// All members, in the order in which they start.
    static List<Member> of(Pod pod) {
        var members = new ArrayList<Member>();
        members.addAll(inits(pod));
        members.addAll(apps(pod));
        members.addAll(ephemerals(pod));
        return members;
    }

    static List<Member> inits(Pod pod) {
        return pod.getSpec().getInitContainers().stream()
                .map(spec -> new Member(spec, "Always".equals(spec.getRestartPolicy()) ? Role.SIDECAR : Role.INIT))
                .toList();
    }

    static List<Member> apps(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .map(spec -> new Member(spec, Role.APP))
                .toList();
    }

    static List<Member> ephemerals(Pod pod) {
        var specs = pod.getSpec().getEphemeralContainers();
        return specs.stream().map(Member::ephemeral).toList();
    }

    private static Member ephemeral(EphemeralContainer container) {
        return new Member(Json.mapper().convertValue(container, Container.class), Role.EPHEMERAL);
    }
}
