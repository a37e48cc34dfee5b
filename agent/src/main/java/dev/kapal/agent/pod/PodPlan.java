package dev.kapal.agent.pod;

import dev.kapal.agent.probe.ProbeKind;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What to do next for a pod that shall run: the difference between its spec and what the runtime shows. Pure; making
/// the
/// plan again after it was carried out gives an empty one.
///
/// `kills` come before `starts`. `over` says that the pod has run to its end and that nothing starts again.
///
/// Source: Pod API, "Pod lifecycle", "Init containers", "Sidecar containers".
record PodPlan(boolean createSandbox, List<Kill> kills, List<Member> starts, boolean over) {
    /// A container to stop, and why, as its event says it. `probe` is the one that failed, if one did.
    record Kill(Member member, ObservedContainer container, String message, Optional<ProbeKind> probe) {}

    private static final PodPlan OVER = new PodPlan(false, List.of(), List.of(), true);

    PodPlan {
        kills = List.copyOf(kills);
        starts = List.copyOf(starts);
    }

    boolean isEmpty() {
        return !createSandbox && kills.isEmpty() && starts.isEmpty() && !over;
    }

    static PodPlan of(Pod pod, ObservedPod observed, Verdicts verdicts) {
        var sandbox = observed.usableSandbox();
        if (sandbox.isEmpty()) {
            return canComeBack(pod, observed) ? new PodPlan(true, List.of(), List.of(), false) : OVER;
        }
        var inSandbox = new ObservedPod(
                List.of(sandbox.get()),
                observed.containers().stream()
                        .filter(c -> c.sandboxId().equals(sandbox.get().id()))
                        .toList());
        return new Maker(pod, inSandbox, verdicts).make();
    }

    /// Whether a container that ended like this one shall run again.
    static boolean restarts(Pod pod, Member member, ObservedContainer ended) {
        if (member.role() == Member.Role.EPHEMERAL) {
            return false;
        }
        if (!ended.hasExited() || member.role() == Member.Role.SIDECAR) {
            return true;
        }
        return switch (pod.getSpec().getRestartPolicy()) {
            case "Never" -> false;
            case "OnFailure" -> ended.exitCode() != 0;
            default -> member.role() == Member.Role.APP || ended.exitCode() != 0;
        };
    }

    /// A pod whose sandbox went away starts all over in a new one, unless it must not restart or has nothing left to
    /// do.
    private static boolean canComeBack(Pod pod, ObservedPod observed) {
        if (observed.containers().isEmpty()) {
            return true;
        }
        if ("Never".equals(pod.getSpec().getRestartPolicy())) {
            return false;
        }
        return Member.apps(pod).stream()
                .anyMatch(member -> observed.latest(member.name())
                        .map(latest -> restarts(pod, member, latest))
                        .orElse(true));
    }

    /// Collects one plan; the receiver of what the steps find.
    private static final class Maker {
        private final Pod pod;
        private final ObservedPod observed;
        private final Verdicts verdicts;
        private final List<Kill> kills = new ArrayList<>();
        private final List<Member> starts = new ArrayList<>();

        Maker(Pod pod, ObservedPod observed, Verdicts verdicts) {
            this.pod = pod;
            this.observed = observed;
            this.verdicts = verdicts;
        }

        PodPlan make() {
            Member.ephemerals(pod).stream()
                    .filter(member -> observed.latest(member.name()).isEmpty())
                    .forEach(starts::add);
            // once an app container was made, the init containers are history
            boolean initialized = Member.apps(pod).stream()
                    .anyMatch(member -> observed.latest(member.name()).isPresent());
            for (var member : Member.inits(pod)) {
                var step = member.role() == Member.Role.SIDECAR ? sidecar(member) : init(member, initialized);
                if (step == Step.FAILED) {
                    return OVER;
                }
                if (step == Step.BLOCKED && !initialized) {
                    return new PodPlan(false, kills, starts, false);
                }
            }
            boolean anyLeft = false;
            for (var member : Member.apps(pod)) {
                anyLeft |= app(member);
            }
            return anyLeft ? new PodPlan(false, kills, starts, false) : OVER;
        }

        private enum Step {
            DONE,
            BLOCKED,
            FAILED
        }

        private Step init(Member member, boolean initialized) {
            if (initialized) {
                return Step.DONE;
            }
            var latest = observed.latest(member.name());
            if (latest.isEmpty()) {
                starts.add(member);
                return Step.BLOCKED;
            }
            if (latest.get().isRunning()) {
                return Step.BLOCKED;
            }
            if (latest.get().hasSucceeded()) {
                return Step.DONE;
            }
            if (!restarts(pod, member, latest.get())) {
                return Step.FAILED;
            }
            starts.add(member);
            return Step.BLOCKED;
        }

        private Step sidecar(Member member) {
            var latest = observed.latest(member.name());
            if (latest.isEmpty() || !latest.get().isRunning()) {
                starts.add(member);
                return Step.BLOCKED;
            }
            if (mustGo(member, latest.get())) {
                starts.add(member);
                return Step.BLOCKED;
            }
            return verdicts.of(latest.get()).started() ? Step.DONE : Step.BLOCKED;
        }

        /// Whether the container runs or will run.
        private boolean app(Member member) {
            var latest = observed.latest(member.name());
            if (latest.isEmpty()) {
                starts.add(member);
                return true;
            }
            if (!latest.get().isRunning()) {
                boolean again = restarts(pod, member, latest.get());
                if (again) {
                    starts.add(member);
                }
                return again;
            }
            if (mustGo(member, latest.get())) {
                boolean changed = !latest.get().hash().equals(ContainerHash.of(member.spec()));
                if (changed || !"Never".equals(pod.getSpec().getRestartPolicy())) {
                    starts.add(member);
                }
            }
            return true;
        }

        /// Plans the end of a running container that is not what the spec says any more, or that a probe has given up.
        private boolean mustGo(Member member, ObservedContainer running) {
            if (!running.hash().isEmpty() && !running.hash().equals(ContainerHash.of(member.spec()))) {
                var why = "Container " + member.name() + " definition changed, will be restarted";
                kills.add(new Kill(member, running, why, Optional.empty()));
                return true;
            }
            var failed = verdicts.of(running).failed();
            failed.ifPresent(kind -> {
                var why = "Container " + member.name() + " failed " + kind.lower() + " probe"
                        + ("Never".equals(pod.getSpec().getRestartPolicy()) && member.role() == Member.Role.APP
                                ? ""
                                : ", will be restarted");
                kills.add(new Kill(member, running, why, failed));
            });
            return failed.isPresent();
        }
    }
}
