package dev.kapal.controllers.nodeipam;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gives each node without one a `spec.podCIDR`. Runs with one worker: the ranges are its own.
public final class NodeIpamReconciler implements Reconciler {
    private static final String COMPONENT = "cidrAllocator";

    private final Cache<Node> nodes;
    private final Api api;
    private final EventRecorder events;
    private final Ranges ranges;
    private final Map<String, Integer> holders = new HashMap<>();
    private boolean surveyed;

    public NodeIpamReconciler(Informers informers, Api api, EventRecorder events, String clusterCidr, int mask) {
        this.nodes = informers.of(Node.class);
        this.api = api;
        this.events = events;
        this.ranges = new Ranges(clusterCidr, mask);
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(nodes));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        if (!surveyed) {
            // Before the first range is given away, all that are in use must be known.
            nodes.all().forEach(node -> assigned(node).ifPresent(cidr -> hold(node, cidr)));
            surveyed = true;
        }
        var node = nodes.find(key);
        if (node.isEmpty()) {
            release(key.name());
            return Outcome.settled();
        }
        var cidr = assigned(node.get());
        if (cidr.isPresent()) {
            hold(node.get(), cidr.get());
            return Outcome.settled();
        }
        return assign(node.get());
    }

    private Outcome assign(Node node) throws InterruptedException {
        String name = node.getMetadata().getName();
        // A range that an earlier try took, and perhaps wrote, stays this node's.
        Integer index = holders.get(name);
        if (index == null) {
            var free = ranges.take();
            if (free.isEmpty()) {
                events.normal(node, "CIDRNotAvailable", "Node " + name + " status is now: CIDRNotAvailable", COMPONENT);
                return Outcome.again(Duration.ofSeconds(30), "no free range of pod addresses");
            }
            index = free.getAsInt();
            holders.put(name, index);
        }
        String cidr = ranges.cidr(index);
        api.patch(Node.class, Key.of(node), Api.Patch.STRATEGIC, """
                {"spec":{"podCIDR":"%s","podCIDRs":["%s"]}}""".formatted(cidr, cidr));
        return Outcome.settled();
    }

    private void hold(Node node, String cidr) {
        String name = node.getMetadata().getName();
        ranges.occupy(cidr).ifPresent(index -> {
            Integer before = holders.put(name, index);
            if (before != null && before != index) {
                ranges.release(before);
            }
        });
    }

    private void release(String node) {
        Integer index = holders.remove(node);
        if (index != null) {
            ranges.release(index);
        }
    }

    private static Optional<String> assigned(Node node) {
        return Optional.ofNullable(node.getSpec())
                .map(spec -> spec.getPodCIDR())
                .filter(cidr -> !cidr.isEmpty());
    }
}
