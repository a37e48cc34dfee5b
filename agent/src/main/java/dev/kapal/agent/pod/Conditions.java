package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The conditions of a pod that its node decides. Pure.
///
/// Source: Kubernetes documentation, "Pod conditions".
final class Conditions {
    static final String READY_TO_START = "PodReadyToStartContainers";
    static final String INITIALIZED = "Initialized";
    static final String READY = "Ready";
    static final String CONTAINERS_READY = "ContainersReady";
    static final String SCHEDULED = "PodScheduled";

    static final Set<String> OWN = Set.of(READY_TO_START, INITIALIZED, READY, CONTAINERS_READY, SCHEDULED);

    private static final String UNKNOWN_STATUSES = "UnknownContainerStatuses";

    private final Pod pod;
    private final String phase;
    private final List<ContainerStatus> inits;
    private final List<ContainerStatus> apps;
    private final List<PodCondition> old;
    private final Instant now;

    Conditions(
            Pod pod,
            String phase,
            List<ContainerStatus> inits,
            List<ContainerStatus> apps,
            List<PodCondition> old,
            Instant now) {
        this.pod = pod;
        this.phase = phase;
        this.inits = inits;
        this.apps = apps;
        this.old = old;
        this.now = now;
    }

    /// `hasSandbox`: the pod has its namespaces and its network.
    List<PodCondition> all(boolean hasSandbox) {
        var containersReady = containersReady();
        return List.of(
                condition(READY_TO_START, hasSandbox, null, null),
                initialized(),
                ready(containersReady),
                containersReady,
                condition(SCHEDULED, true, null, null));
    }

    private PodCondition initialized() {
        var unknown = new ArrayList<String>();
        var incomplete = new ArrayList<String>();
        for (var member : Member.inits(pod)) {
            var status = find(inits, member.name());
            if (status == null) {
                unknown.add(member.name());
            } else if (member.role() == Member.Role.SIDECAR) {
                if (!Boolean.TRUE.equals(status.getStarted())) {
                    incomplete.add(member.name());
                }
            } else if (!Boolean.TRUE.equals(status.getReady())) {
                incomplete.add(member.name());
            }
        }
        if (Phases.SUCCEEDED.equals(phase) && unknown.isEmpty()) {
            return condition(INITIALIZED, true, "PodCompleted", null);
        }
        boolean started = Phases.hasStarted(apps);
        if (started || unknown.isEmpty() && incomplete.isEmpty()) {
            return condition(INITIALIZED, true, null, null);
        }
        return condition(INITIALIZED, false, "ContainersNotInitialized", message(unknown, "incomplete", incomplete));
    }

    private PodCondition containersReady() {
        if (apps.isEmpty()) {
            return condition(CONTAINERS_READY, false, UNKNOWN_STATUSES, null);
        }
        var unknown = new ArrayList<String>();
        var unready = new ArrayList<String>();
        var counted = new ArrayList<Member>();
        Member.inits(pod).stream().filter(m -> m.role() == Member.Role.SIDECAR).forEach(counted::add);
        counted.addAll(Member.apps(pod));
        for (var member : counted) {
            var status = find(member.role() == Member.Role.SIDECAR ? inits : apps, member.name());
            if (status == null) {
                unknown.add(member.name());
            } else if (!Boolean.TRUE.equals(status.getReady())) {
                unready.add(member.name());
            }
        }
        if (Phases.SUCCEEDED.equals(phase) && unknown.isEmpty()) {
            return condition(CONTAINERS_READY, false, "PodCompleted", null);
        }
        if (Phases.FAILED.equals(phase) && unknown.isEmpty()) {
            return condition(CONTAINERS_READY, false, "PodFailed", null);
        }
        if (unknown.isEmpty() && unready.isEmpty()) {
            return condition(CONTAINERS_READY, true, null, null);
        }
        return condition(CONTAINERS_READY, false, "ContainersNotReady", message(unknown, "unready", unready));
    }

    private PodCondition ready(PodCondition containersReady) {
        if (!"True".equals(containersReady.getStatus())) {
            return condition(READY, false, containersReady.getReason(), containersReady.getMessage());
        }
        var missing = new ArrayList<String>();
        for (var gate : pod.getSpec().getReadinessGates()) {
            var type = gate.getConditionType();
            var found = pod.getStatus() == null
                    ? null
                    : pod.getStatus().getConditions().stream()
                            .filter(c -> c.getType().equals(type))
                            .findFirst()
                            .orElse(null);
            if (found == null) {
                missing.add("corresponding condition of pod readiness gate \"" + type + "\" does not exist.");
            } else if (!"True".equals(found.getStatus())) {
                missing.add(
                        "the status of pod readiness gate \"" + type + "\" is not \"True\", but " + found.getStatus());
            }
        }
        if (missing.isEmpty()) {
            return condition(READY, true, null, null);
        }
        return condition(READY, false, "ReadinessGatesNotReady", String.join(", ", missing));
    }

    private static String message(List<String> unknown, String word, List<String> lacking) {
        var parts = new ArrayList<String>();
        if (!unknown.isEmpty()) {
            parts.add("containers with unknown status: [" + String.join(" ", unknown) + "]");
        }
        if (!lacking.isEmpty()) {
            parts.add("containers with " + word + " status: [" + String.join(" ", lacking) + "]");
        }
        return String.join(", ", parts);
    }

    private PodCondition condition(String type, boolean holds, String reason, String message) {
        var status = holds ? "True" : "False";
        var since = old.stream()
                .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
                .map(PodCondition::getLastTransitionTime)
                .findFirst()
                .orElseGet(() -> Timestamps.text(now));
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withObservedGeneration(pod.getMetadata().getGeneration())
                .withLastTransitionTime(since)
                .withReason(reason)
                .withMessage(message)
                .build();
    }

    private static ContainerStatus find(List<ContainerStatus> statuses, String name) {
        return statuses.stream()
                .filter(status -> status.getName().equals(name))
                .findFirst()
                .orElse(null);
    }
}
