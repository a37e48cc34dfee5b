package dev.kapal.controllers.node;

import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Source;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.PodFacts;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Marks and taints each node by what it reports, or by its silence.
///
/// Source: Kubernetes documentation, "Nodes", section "Node controller".
public final class NodeHealthReconciler implements Reconciler {
    private static final String COMPONENT = "node-controller";
    private static final String BY_NODE = "node";
    private static final String LEASES = "kube-node-lease";
    /// A node that never reported may take longer.
    private static final Duration STARTUP_GRACE = Duration.ofSeconds(60);

    private final Cache<Node> nodes;
    private final Cache<Pod> pods;
    private final Cache<Lease> leases;
    private final Api api;
    private final EventRecorder events;
    private final NotReadyPods notReadyPods;
    private final Duration grace;
    private final Time time;
    private final Heartbeats heartbeats = new Heartbeats();
    private final Disruption disruption = new Disruption();
    /// The readiness each node was last seen with.
    private final Map<Key, String> seen = new ConcurrentHashMap<>();

    public NodeHealthReconciler(Informers informers, Api api, EventRecorder events, Duration grace, Time time) {
        this.nodes = informers.of(Node.class);
        this.pods = informers.of(Pod.class).index(BY_NODE, PodFacts::byNode);
        this.leases = informers.of(Source.of(Lease.class).in(LEASES));
        this.api = api;
        this.events = events;
        this.notReadyPods = new NotReadyPods(api, events, time);
        this.grace = grace;
        this.time = time;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(
                Wake.own(nodes),
                Wake.on(
                        leases,
                        change -> List.of(
                                Key.cluster(change.latest().getMetadata().getName()))));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = nodes.find(key);
        if (found.isEmpty()) {
            forget(key);
            return Outcome.settled();
        }
        var node = found.get();
        if (!heartbeats.knows(key)) {
            tell(node, "RegisteredNode", "Registered Node " + key.name() + " in Controller");
        }
        var lease = leases.find(new Key(LEASES, key.name()));
        var silence = heartbeats.silence(node, lease, time.nanos());
        var allowed = NodeFacts.condition(node, NodeFacts.READY).isPresent() ? grace : STARTUP_GRACE;
        if (silence.compareTo(allowed) > 0) {
            var marked = NodeJudgement.silent(node, time.instant());
            if (!marked.equals(NodeFacts.conditions(node))) {
                node = api.updateStatus(new NodeBuilder(node)
                        .editOrNewStatus()
                        .withConditions(marked)
                        .endStatus()
                        .build());
            }
        }
        takeOutOfService(key, node);
        var turn = taint(node);
        var beat = allowed.minus(silence).plusMillis(100);
        var next = beat.isPositive() ? beat : grace;
        return Outcome.again(turn.filter(wait -> wait.compareTo(next) < 0).orElse(next), "the next heartbeat is due");
    }

    private void forget(Key key) {
        seen.remove(key);
        if (heartbeats.forget(key)) {
            events.normal(
                    reference(key.name()),
                    "RemovingNode",
                    "Removing Node " + key.name() + " from Controller",
                    COMPONENT);
        }
    }

    /// Pods on a node that went silent serve nobody that we know of. A node that says itself that it is not
    /// ready goes on to report its pods, so that these are marked only when it says so first.
    private void takeOutOfService(Key key, Node node) throws InterruptedException {
        String ready = NodeFacts.ready(node);
        String before = Optional.ofNullable(seen.put(key, ready)).orElse(ready);
        boolean fell = before.equals("True") && !ready.equals("True");
        if (fell) {
            tell(node, "NodeNotReady", "Node " + key.name() + " status is now: NodeNotReady");
        }
        boolean silent = ready.equals("Unknown")
                && NodeFacts.condition(node, NodeFacts.READY).isPresent();
        if (fell || silent) {
            notReadyPods.mark(pods.byIndex(BY_NODE, key.name()));
        }
    }

    /// Brings the taints up to date. How long until the node's turn, when an eviction has to wait.
    private Optional<Duration> taint(Node node) throws InterruptedException {
        var current = taint(node, NodeJudgement.unschedulable(node));
        var wanted = NodeJudgement.evictionTaint(current);
        if (NodeFacts.taints(current).equals(NodeJudgement.evicting(current, wanted, time.instant()))) {
            return Optional.empty();
        }
        var pace = Disruption.pace(current, nodes.all());
        if (wanted.isEmpty() || pace.isEmpty()) {
            taint(current, NodeJudgement.evicting(current, Optional.empty(), time.instant()));
            return wanted.map(key -> Duration.ofSeconds(5));
        }
        boolean swap = NodeFacts.taints(current).stream().anyMatch(NodeHealthReconciler::evicts);
        var wait = swap ? Duration.ZERO : disruption.takeTurn(NodeFacts.zone(current), pace.get(), time.instant());
        if (wait.isZero()) {
            taint(current, NodeJudgement.evicting(current, wanted, time.instant()));
        }
        return Optional.of(wait).filter(Duration::isPositive);
    }

    private static boolean evicts(Taint taint) {
        return "NoExecute".equals(taint.getEffect())
                && (NodeJudgement.NOT_READY.equals(taint.getKey()) || NodeJudgement.UNREACHABLE.equals(taint.getKey()));
    }

    private Node taint(Node node, List<Taint> taints) throws InterruptedException {
        if (taints.equals(NodeFacts.taints(node))) {
            return node;
        }
        return api.update(new NodeBuilder(node)
                .editOrNewSpec()
                .withTaints(taints)
                .endSpec()
                .build());
    }

    private void tell(Node node, String reason, String message) {
        events.normal(reference(node.getMetadata().getName()), reason, message, COMPONENT);
    }

    /// Upstream names a node in events by its name alone, in the place of the uid too.
    private static ObjectReference reference(String node) {
        return new ObjectReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(node)
                .withUid(node)
                .build();
    }
}
