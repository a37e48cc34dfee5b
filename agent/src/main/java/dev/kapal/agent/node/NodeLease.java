package dev.kapal.agent.node;

import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;

/// The node's heartbeat: renews its lease every ten seconds. Runs on one thread of its own.
///
/// Source: Kubernetes documentation, "Leases", node heartbeats.
final class NodeLease {
    private static final Log log = Log.of(NodeLease.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final int TTL_SECONDS = 40;

    private final String node;
    private final NodeApi api;
    private final Time time;
    private final Supplier<Optional<Node>> object;
    private Optional<Lease> last = Optional.empty();

    NodeLease(String node, NodeApi api, Time time, Supplier<Optional<Node>> object) {
        this.node = node;
        this.api = api;
        this.time = time;
        this.object = object;
    }

    void run() throws InterruptedException {
        while (true) {
            time.sleep(renew() ? PERIOD : RETRY);
        }
    }

    private boolean renew() throws InterruptedException {
        try {
            if (last.isEmpty()) {
                last = api.fetchLease(node);
            }
            last = Optional.of(api.putLease(renewed(last)));
            return true;
        } catch (RuntimeException failure) {
            log.debug("lease not renewed", "node", node, "cause", failure.getMessage());
            last = Optional.empty();
            return false;
        }
    }

    private Lease renewed(Optional<Lease> old) {
        var lease = old.map(LeaseBuilder::new).orElseGet(LeaseBuilder::new);
        lease.editOrNewMetadata()
                .withNamespace("kube-node-lease")
                .withName(node)
                .endMetadata()
                .editOrNewSpec()
                .withHolderIdentity(node)
                .withLeaseDurationSeconds(TTL_SECONDS)
                .withRenewTime(time.instant().truncatedTo(ChronoUnit.MICROS).atZone(ZoneOffset.UTC))
                .endSpec();
        // the lease goes with its node
        object.get()
                .filter(found -> old.isEmpty()
                        || old.get().getMetadata().getOwnerReferences().isEmpty())
                .ifPresent(found -> lease.editMetadata()
                        .addNewOwnerReference()
                        .withApiVersion("v1")
                        .withKind("Node")
                        .withName(node)
                        .withUid(found.getMetadata().getUid())
                        .endOwnerReference()
                        .endMetadata());
        return lease.build();
    }
}
