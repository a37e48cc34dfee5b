package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/// A pod's phase, from the states of its containers. Pure.
///
/// Source: Kubernetes documentation, "Pod phase".
final class Phases {
    static final String PENDING = "Pending";
    static final String RUNNING = "Running";
    static final String SUCCEEDED = "Succeeded";
    static final String FAILED = "Failed";

    private Phases() {}

    static boolean isTerminal(String phase) {
        return SUCCEEDED.equals(phase) || FAILED.equals(phase);
    }

    /// `ended`: no container of the pod will run again.
    static String of(Pod pod, List<ContainerStatus> inits, List<ContainerStatus> apps, boolean ended) {
        var policy = pod.getSpec().getRestartPolicy();
        boolean initialized = hasStarted(apps);
        int pendingInits = 0;
        int failedInits = 0;
        for (var member : Member.inits(pod)) {
            var status = inits.stream()
                    .filter(s -> s.getName().equals(member.name()))
                    .findFirst();
            boolean sidecar = member.role() == Member.Role.SIDECAR;
            boolean running = status.map(s -> s.getState().getRunning() != null).orElse(false);
            var exit = status.map(Phases::lastExit).orElse(null);
            if (sidecar) {
                boolean up = running && Boolean.TRUE.equals(status.get().getStarted());
                pendingInits += up || ended || initialized ? 0 : 1;
            } else if (running || exit == null) {
                pendingInits++;
            } else if (exit != 0) {
                failedInits++;
            }
        }
        if (failedInits > 0 && "Never".equals(policy)) {
            return FAILED;
        }
        int running = 0;
        int waiting = 0;
        int stopped = 0;
        int succeeded = 0;
        for (var status : apps) {
            var exit = lastExit(status);
            if (status.getState().getRunning() != null) {
                running++;
            } else if (exit == null) {
                waiting++;
            } else {
                stopped++;
                boolean now = status.getState().getTerminated() != null;
                succeeded += now && exit == 0 ? 1 : 0;
            }
        }
        if (ended) {
            return stopped > 0 && waiting == 0 && stopped == succeeded && failedInits == 0 ? SUCCEEDED : FAILED;
        }
        if (pendingInits > 0 || failedInits > 0 && !initialized || waiting > 0) {
            return PENDING;
        }
        if (running > 0 || "Always".equals(policy)) {
            return RUNNING;
        }
        if (stopped == succeeded) {
            return SUCCEEDED;
        }
        return "Never".equals(policy) ? FAILED : RUNNING;
    }

    static boolean hasStarted(List<ContainerStatus> apps) {
        return apps.stream().anyMatch(status -> status.getState().getRunning() != null || lastExit(status) != null);
    }

    /// How the container last ended; null while it runs or before it ever did.
    private static Integer lastExit(ContainerStatus status) {
        if (status.getState().getTerminated() != null) {
            return status.getState().getTerminated().getExitCode();
        }
        if (status.getState().getRunning() != null || status.getLastState() == null) {
            return null;
        }
        var last = status.getLastState().getTerminated();
        return last == null ? null : last.getExitCode();
    }
}
