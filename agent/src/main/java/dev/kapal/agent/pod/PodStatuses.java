package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.List;

/// What the API is told of a pod. Pure: the same sight and the same old status give the same new one.
///
/// A phase never goes back from its end. A pod that is terminating keeps the phase it had until no container runs.
final class PodStatuses {
    private PodStatuses() {}

    static PodStatus of(Sight sight, PodStatus old) {
        if (Phases.isTerminal(old.getPhase()) && old.getContainerStatuses().isEmpty()) {
            return old; // rejected
        }
        var pod = sight.pod();
        var statuses = new ContainerStatuses(sight);
        var inits = statuses.of(Member.inits(pod), old.getInitContainerStatuses());
        var apps = statuses.of(Member.apps(pod), old.getContainerStatuses());
        var ephemerals = statuses.of(Member.ephemerals(pod), old.getEphemeralContainerStatuses());
        var phase = phase(sight, old, Phases.of(pod, inits, apps, sight.stage() == Sight.Stage.ENDED));
        var conditions = new Conditions(pod, phase, inits, apps, old.getConditions(), sight.now());
        var status = new PodStatusBuilder()
                .withObservedGeneration(pod.getMetadata().getGeneration())
                .withPhase(phase)
                .withConditions(conditions.all(sight.observed().usableSandbox().isPresent()))
                .withHostIP(sight.hostIps().isEmpty() ? null : sight.hostIps().getFirst())
                .withHostIPs(sight.hostIps().stream().map(HostIP::new).toList())
                .withStartTime(old.getStartTime() == null ? Timestamps.text(sight.now()) : old.getStartTime())
                .withInitContainerStatuses(inits)
                .withContainerStatuses(apps)
                .withEphemeralContainerStatuses(ephemerals)
                .withQosClass(Qos.of(pod).word())
                .withReason(old.getReason())
                .withMessage(old.getMessage())
                .build();
        var addresses = addresses(sight, old);
        if (!addresses.isEmpty()) {
            status.setPodIP(addresses.getFirst());
            status.setPodIPs(addresses.stream().map(PodIP::new).toList());
        }
        sight.ending().ifPresent(ending -> {
            status.setReason(ending.reason());
            status.setMessage(ending.message());
        });
        return status;
    }

    /// A pod that the node did not take has no containers to tell of.
    static PodStatus rejected(Pod pod, Sight.Ending why, PodStatus old, Instant now) {
        return new PodStatusBuilder()
                .withObservedGeneration(pod.getMetadata().getGeneration())
                .withPhase(Phases.FAILED)
                .withReason(why.reason())
                .withMessage(why.message())
                .withConditions(old.getConditions())
                .withStartTime(old.getStartTime() == null ? Timestamps.text(now) : old.getStartTime())
                .withQosClass(Qos.of(pod).word())
                .build();
    }

    private static String phase(Sight sight, PodStatus old, String computed) {
        if (Phases.isTerminal(old.getPhase())) {
            return old.getPhase();
        }
        if (sight.stage() == Sight.Stage.ENDED && sight.ending().isPresent()) {
            return Phases.FAILED;
        }
        boolean early = sight.stage() != Sight.Stage.ENDED && Phases.isTerminal(computed);
        if (early || sight.stage() == Sight.Stage.TERMINATING) {
            return old.getPhase() == null ? Phases.PENDING : old.getPhase();
        }
        return computed;
    }

    private static List<String> addresses(Sight sight, PodStatus old) {
        if (Boolean.TRUE.equals(sight.pod().getSpec().getHostNetwork())) {
            return sight.hostIps();
        }
        var sandbox = sight.observed().sandbox();
        if (sandbox.isPresent() && !sandbox.get().addresses().isEmpty()) {
            return sandbox.get().addresses();
        }
        // a stopped sandbox has lost its address; what the API knows stays for those who read it
        return old.getPodIPs().stream().map(PodIP::getIp).toList();
    }
}
