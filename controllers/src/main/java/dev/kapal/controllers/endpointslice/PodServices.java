package dev.kapal.controllers.endpointslice;

import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.Key;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.controllers.workload.Selectors;
import dev.kapal.model.select.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The Services that a change of a pod concerns. Any thread.
public final class PodServices {
    private final Cache<Service> services;

    public PodServices(Cache<Service> services) {
        this.services = services;
    }

    /// Those whose selector matches the pod now or matched it before; none when nothing changed that endpoints tell.
    public Set<Key> of(Change<Pod> change) {
        var keys = new LinkedHashSet<Key>();
        if (change instanceof Change.Updated<Pod>(Pod before, Pod now)) {
            if (Shown.of(before).equals(Shown.of(now))) {
                return keys;
            }
            if (!Selectors.labels(before).equals(Selectors.labels(now))) {
                addMatching(before, keys);
            }
        }
        addMatching(change.latest(), keys);
        return keys;
    }

    private void addMatching(Pod pod, Set<Key> keys) {
        for (Service service : services.list(pod.getMetadata().getNamespace())) {
            if (LabelSelector.ofLabels(ServicePods.selector(service)).test(Selectors.labels(pod))) {
                keys.add(Key.of(service));
            }
        }
    }

    /// What endpoints tell about a pod.
    private record Shown(
            Object labels,
            List<String> four,
            List<String> six,
            boolean ready,
            boolean leaving,
            boolean ended,
            String node,
            String uid,
            Object hostname) {
        static Shown of(Pod pod) {
            return new Shown(
                    Selectors.labels(pod),
                    ServicePods.addresses(pod, "IPv4"),
                    ServicePods.addresses(pod, "IPv6"),
                    PodFacts.isReady(pod),
                    PodFacts.isTerminating(pod),
                    PodFacts.isEnded(pod),
                    PodFacts.nodeName(pod),
                    Objects.toString(pod.getMetadata().getUid()),
                    List.of(
                            Objects.toString(pod.getSpec().getHostname()),
                            Objects.toString(pod.getSpec().getSubdomain())));
        }
    }
}
