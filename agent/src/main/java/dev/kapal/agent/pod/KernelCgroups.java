package dev.kapal.agent.pod;

import dev.kapal.base.log.Log;
import dev.kapal.linux.Cgroups;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.OptionalLong;

/// Pods' groups in the kernel: their share of the CPU, and limits when every container has one. What cannot be set is
/// logged: the containers have limits of their own.
public final class KernelCgroups implements PodCgroups {
    private static final Log log = Log.of(KernelCgroups.class);

    private final Cgroups cgroups;

    public KernelCgroups(Cgroups cgroups) {
        this.cgroups = cgroups;
    }

    @Override
    public void ensure(Pod pod, String group) {
        try {
            cgroups.ensure(group, limits(pod));
        } catch (IOException failure) {
            log.warn("pod cgroup not made", "pod", PodKey.of(pod), "cause", failure.getMessage());
        }
    }

    @Override
    public void remove(String group) {
        try {
            cgroups.removeTree(group);
        } catch (IOException failure) {
            log.warn("pod cgroup not removed", "group", group, "cause", failure.getMessage());
        }
    }

    static Cgroups.Limits limits(Pod pod) {
        var cpu = sumOfLimits(pod, "cpu");
        var memory = sumOfLimits(pod, "memory");
        return new Cgroups.Limits(
                OptionalLong.of(Limits.shares(Admission.request(pod, "cpu"))),
                cpu.signum() > 0 ? OptionalLong.of(Limits.quota(cpu)) : OptionalLong.empty(),
                memory.signum() > 0 ? OptionalLong.of(Limits.bytes(memory)) : OptionalLong.empty(),
                OptionalLong.empty());
    }

    /// Zero when any container is without a limit.
    private static BigDecimal sumOfLimits(Pod pod, String name) {
        var sum = BigDecimal.ZERO;
        for (var member : Member.of(pod)) {
            var limit = Limits.amount(Limits.limits(member.spec()), name);
            if (limit.signum() == 0) {
                return BigDecimal.ZERO;
            }
            sum = sum.add(limit);
        }
        return sum;
    }
}
