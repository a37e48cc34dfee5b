package dev.kapal.scheduler.snapshot;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A node and what its pods take of it. Immutable: a change makes a new one.
public final class NodeState {
    private final Optional<NodeFacts> facts;
    private final List<PodFacts> pods;
    private final Resources requested;
    private final Resources assumed;
    private final Set<HostPort> ports;

    private NodeState(
            Optional<NodeFacts> facts,
            List<PodFacts> pods,
            Resources requested,
            Resources assumed,
            Set<HostPort> ports) {
        this.facts = facts;
        this.pods = pods;
        this.requested = requested;
        this.assumed = assumed;
        this.ports = ports;
    }

    /// A node nothing is known of: its pods may be seen before it, and after it has gone.
    static NodeState unknown() {
        return new NodeState(Optional.empty(), List.of(), Resources.NONE, Resources.NONE, Set.of());
    }

    public static NodeState empty(NodeFacts facts) {
        return unknown().with(Optional.of(facts));
    }

    NodeState with(Optional<NodeFacts> newer) {
        return new NodeState(newer, pods, requested, assumed, ports);
    }

    public NodeState plus(PodFacts pod) {
        var more = new ArrayList<PodFacts>(pods.size() + 1);
        more.addAll(pods);
        more.add(pod);
        return new NodeState(
                facts, more, requested.plus(pod.requests()), assumed.plus(pod.assumed()), portsWith(pod.hostPorts()));
    }

    NodeState minus(PodFacts pod) {
        var rest = pods.stream().filter(other -> !other.key().equals(pod.key())).toList();
        return new NodeState(
                facts, rest, requested.minus(pod.requests()), assumed.minus(pod.assumed()), portsOf(rest, pod));
    }

    private Set<HostPort> portsWith(Set<HostPort> added) {
        if (added.isEmpty()) {
            return ports;
        }
        var all = new HashSet<>(ports);
        all.addAll(added);
        return all;
    }

    private Set<HostPort> portsOf(List<PodFacts> rest, PodFacts removed) {
        if (removed.hostPorts().isEmpty()) {
            return ports;
        }
        var left = new HashSet<HostPort>();
        rest.forEach(pod -> left.addAll(pod.hostPorts()));
        return left;
    }

    boolean isKnown() {
        return facts.isPresent();
    }

    boolean isForgettable() {
        return facts.isEmpty() && pods.isEmpty();
    }

    public NodeFacts facts() {
        return facts.orElseThrow();
    }

    public String name() {
        return facts().name();
    }

    public List<PodFacts> pods() {
        return pods;
    }

    /// The sum of what the pods are guaranteed.
    public Resources requested() {
        return requested;
    }

    /// The sum of what scoring counts for the pods.
    public Resources assumed() {
        return assumed;
    }

    public Set<HostPort> ports() {
        return ports;
    }
}
