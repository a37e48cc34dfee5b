package dev.kapal.controllers.story;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.PodFacts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs every pod at once, without containers: bound, running, ready, and gone when asked to go.
final class PretendedNode implements Reconciler {
    /// Pods with this image never become ready.
    static final String BROKEN = "broken";

    private final Cache<Pod> pods;
    private final Api api;
    private final AtomicInteger addresses = new AtomicInteger();

    PretendedNode(Informers informers, Api api) {
        this.pods = informers.of(Pod.class);
        this.api = api;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(pods));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = pods.find(key);
        if (found.isEmpty()) {
            return Outcome.settled();
        }
        var pod = found.get();
        if (PodFacts.isTerminating(pod)) {
            api.delete(
                    Pod.class,
                    key,
                    new DeleteOptionsBuilder().withGracePeriodSeconds(0L).build());
        } else if (PodFacts.nodeName(pod).isEmpty()) {
            api.post(
                    Pod.class,
                    key,
                    "binding",
                    Map.of(
                            "apiVersion",
                            "v1",
                            "kind",
                            "Binding",
                            "metadata",
                            Map.of("name", key.name(), "namespace", key.namespace()),
                            "target",
                            Map.of("apiVersion", "v1", "kind", "Node", "name", "n1")));
        } else if (!PodFacts.phase(pod).equals("Running")) {
            run(pod);
        }
        return Outcome.settled();
    }

    private void run(Pod pod) throws InterruptedException {
        boolean ready = !BROKEN.equals(pod.getSpec().getContainers().getFirst().getImage());
        int number = addresses.incrementAndGet();
        String address = "10.244." + number / 250 + "." + (number % 250 + 1);
        api.updateStatus(new PodBuilder(pod)
                .editOrNewStatus()
                .withPhase("Running")
                .withPodIP(address)
                .withPodIPs(new PodIP(address))
                .withContainerStatuses(pod.getSpec().getContainers().stream()
                        .map(container -> running(container, ready))
                        .toList())
                .withConditions(new PodConditionBuilder()
                        .withType("Ready")
                        .withStatus(ready ? "True" : "False")
                        .withLastTransitionTime(now())
                        .build())
                .endStatus()
                .build());
    }

    private static ContainerStatus running(Container container, boolean ready) {
        return new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID("")
                .withReady(ready)
                .withRestartCount(0)
                .withNewState()
                .withNewRunning(now())
                .endState()
                .build();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
