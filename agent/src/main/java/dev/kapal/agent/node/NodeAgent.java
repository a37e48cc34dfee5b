package dev.kapal.agent.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.agent.cri.v1.Image;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.client.Json;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Registers this machine as a Node and keeps the object true: looks every ten seconds, and when told that something
/// has
/// changed; writes when there is something new, and every five minutes.
public final class NodeAgent {
    private static final Log log = Log.of(NodeAgent.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration REPORT = Duration.ofMinutes(5);
    private static final Duration EAGER = Duration.ofMillis(200);

    private final NodeIdentity identity;
    private final NodeFacts facts;
    private final NodeProbe probe;
    private final NodeApi api;
    private final Time time;
    private volatile Optional<Node> object = Optional.empty();
    private volatile boolean ready;
    private NodeStatus told;
    private long toldAt;
    /// Guarded by this.
    private boolean woken;

    public NodeAgent(NodeIdentity identity, NodeFacts facts, NodeProbe probe, NodeApi api, Time time) {
        this.identity = identity;
        this.facts = facts;
        this.probe = probe;
        this.api = api;
        this.time = time;
    }

    public void start(Life life) {
        var lease = new NodeLease(identity.name(), api, time, () -> object);
        life.start("node-status", () -> run(life));
        life.start("node-lease", lease::run);
    }

    /// The node as it is now; before it is registered, as it will be.
    public Node node() {
        return object.orElseGet(() -> NodeObjects.fresh(
                identity,
                facts,
                new NodeStatusBuilder()
                        .withAllocatable(NodeObjects.allocatable(identity, facts))
                        .build()));
    }

    public boolean isReady() {
        return ready;
    }

    /// Looks at once: something has happened.
    public synchronized void wake() {
        woken = true;
        notifyAll();
    }

    private void run(Life life) throws InterruptedException {
        api.event(false, "Starting", "Starting kubelet.");
        while (true) {
            boolean settled = object.isPresent() ? report() : register();
            await(life, settled ? PERIOD : EAGER);
        }
    }

    private boolean register() throws InterruptedException {
        try {
            var status = look(List.of());
            // conditions come with the first report, so that it tells them as news
            status.setConditions(List.of());
            var registered = api.register(NodeObjects.fresh(identity, facts, status));
            object = Optional.of(registered);
            log.info("node registered", "node", identity.name());
            api.event(false, "NodeAllocatableEnforced", "Updated Node Allocatable limit across pods");
            // what was there before may say something else
            told = registered.getStatus() == null ? new NodeStatus() : registered.getStatus();
            return report();
        } catch (RuntimeException failure) {
            log.debug("node not registered", "node", identity.name(), "cause", failure.getMessage());
            return false;
        }
    }

    /// Whether the API has the truth, and it is good.
    private boolean report() throws InterruptedException {
        var status = look(told.getConditions());
        boolean due = time.nanos() - toldAt >= REPORT.toNanos();
        if (!due && isSame(status, told)) {
            return ready;
        }
        try {
            var patched = api.patchStatus(identity.name(), patch(status));
            if (patched.isEmpty()) {
                object = Optional.empty();
                return false;
            }
            object = patched;
            tellTransitions(told.getConditions(), status.getConditions());
            told = status;
            toldAt = time.nanos();
            ready = isReady(status);
            return ready;
        } catch (RuntimeException failure) {
            log.debug("node status not written", "node", identity.name(), "cause", failure.getMessage());
            return false;
        }
    }

    private NodeStatus look(List<NodeCondition> old) throws InterruptedException {
        var health = probe.look();
        List<Image> images = probe.images();
        return NodeObjects.status(identity, facts, health, images, old, time.instant());
    }

    private void tellTransitions(List<NodeCondition> before, List<NodeCondition> after) {
        for (var condition : after) {
            boolean changed = before.stream()
                    .noneMatch(old -> condition.getType().equals(old.getType())
                            && condition.getStatus().equals(old.getStatus()));
            if (changed) {
                var what = eventOf(condition);
                log.info("node condition", "node", identity.name(), "now", what);
                api.event(false, what, "Node " + identity.name() + " status is now: " + what);
            }
        }
    }

    private static String eventOf(NodeCondition condition) {
        boolean holds = "True".equals(condition.getStatus());
        return switch (condition.getType()) {
            case "MemoryPressure" -> holds ? "NodeHasInsufficientMemory" : "NodeHasSufficientMemory";
            case "DiskPressure" -> holds ? "NodeHasDiskPressure" : "NodeHasNoDiskPressure";
            case "PIDPressure" -> holds ? "NodeHasInsufficientPID" : "NodeHasSufficientPID";
            default -> holds ? "NodeReady" : "NodeNotReady";
        };
    }

    /// But for the time of the heartbeat.
    private static boolean isSame(NodeStatus one, NodeStatus other) {
        return withoutHeartbeat(one).equals(withoutHeartbeat(other));
    }

    private static NodeStatus withoutHeartbeat(NodeStatus status) {
        var copy = new NodeStatusBuilder(status).build();
        copy.setConditions(status.getConditions().stream()
                .map(condition -> condition.edit().withLastHeartbeatTime(null).build())
                .toList());
        return copy;
    }

    private static boolean isReady(NodeStatus status) {
        return status.getConditions().stream()
                .anyMatch(c -> NodeConditions.READY.equals(c.getType()) && "True".equals(c.getStatus()));
    }

    private static String patch(NodeStatus status) {
        ObjectNode document = Json.mapper().createObjectNode();
        ObjectNode body = Json.mapper().valueToTree(status);
        // addresses merge by type: an old address would stay
        if (body.get("addresses") instanceof ArrayNode addresses) {
            addresses.insertObject(0).put("$patch", "replace");
        }
        document.set("status", body);
        return document.toString();
    }

    private void await(Life life, Duration delay) throws InterruptedException {
        synchronized (this) {
            var alarm = life.spawn("node-status-alarm", () -> {
                time.sleep(delay);
                wake();
            });
            while (!woken) {
                wait();
            }
            woken = false;
            alarm.interrupt();
        }
    }
}
