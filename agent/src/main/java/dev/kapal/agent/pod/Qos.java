package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A pod's quality of service class: who gives way first when the node runs short.
///
/// Source: Kubernetes documentation, "Pod Quality of Service Classes".
enum Qos {
    GUARANTEED("Guaranteed", ""),
    BURSTABLE("Burstable", "/burstable"),
    BEST_EFFORT("BestEffort", "/besteffort");

    private static final List<String> COUNTED = List.of("cpu", "memory");

    private final String word;
    private final String cgroup;

    Qos(String word, String cgroup) {
        this.word = word;
        this.cgroup = cgroup;
    }

    /// As `status.qosClass` says it.
    String word() {
        return word;
    }

    /// The cgroup that holds all of one pod.
    String cgroupOf(String uid) {
        return "/kubepods" + cgroup + "/pod" + uid;
    }

    static Qos of(Pod pod) {
        var containers = Stream.concat(
                        pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream())
                .toList();
        if (containers.stream().noneMatch(Qos::asksForAnything)) {
            return BEST_EFFORT;
        }
        return containers.stream().allMatch(Qos::isGuaranteed) ? GUARANTEED : BURSTABLE;
    }

    private static boolean asksForAnything(Container container) {
        return COUNTED.stream()
                .anyMatch(name -> amount(Limits.requests(container), name).signum() > 0
                        || amount(Limits.limits(container), name).signum() > 0);
    }

    private static boolean isGuaranteed(Container container) {
        return COUNTED.stream().allMatch(name -> {
            var limit = amount(Limits.limits(container), name);
            var requests = Limits.requests(container);
            var request = requests.containsKey(name) ? amount(requests, name) : limit;
            return limit.signum() > 0 && limit.compareTo(request) == 0;
        });
    }

    private static BigDecimal amount(Map<String, Quantity> resources, String name) {
        return Limits.amount(resources, name);
    }
}
