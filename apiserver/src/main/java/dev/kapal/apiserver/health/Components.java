package dev.kapal.apiserver.health;

import dev.kapal.apiserver.authn.ObjectReader;
import dev.kapal.base.time.Time;
import dev.kapal.model.GroupVersionResource;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// How the parts of the control plane are. Those of this process report themselves; those of other processes show that
/// they live by renewing the lease that they lead by. Any thread.
public final class Components {
    private static final GroupVersionResource LEASES = new GroupVersionResource("coordination.k8s.io", "v1", "leases");
    private static final String NAMESPACE = "kube-system";
    private static final String STORE = "etcd-0";
    private static final Map<String, String> LEADERS =
            Map.of("controller-manager", "kube-controller-manager", "scheduler", "kube-scheduler");
    private static final List<String> NAMES = List.of("controller-manager", "etcd-0", "scheduler");

    private final Map<String, Check.Objection> here = new ConcurrentHashMap<>();
    private final ObjectReader objects;
    private final Time time;

    /// @param store what there is to say against the store
    public Components(ObjectReader objects, Check.Objection store, Time time) {
        this.objects = objects;
        this.time = time;
        here.put(STORE, store);
    }

    /// A component of this process has started.
    ///
    /// @param name `controller-manager` or `scheduler`
    public void started(String name, Check.Objection objection) {
        here.put(name, objection);
    }

    /// All of them, in alphabetical order.
    List<String> names() {
        return NAMES;
    }

    /// Empty when the component is well, else why not.
    Optional<String> objection(String name) throws InterruptedException {
        var own = here.get(name);
        return own != null ? own.find() : leaseObjection(LEADERS.get(name));
    }

    private Optional<String> leaseObjection(String leader) throws InterruptedException {
        var lease = objects.get(LEASES, NAMESPACE, leader);
        if (lease.isEmpty()) {
            return Optional.of("nobody leads as " + leader);
        }
        var spec = lease.get().path("spec");
        try {
            var renewed = Instant.parse(spec.path("renewTime").asText(""));
            var lasts = Duration.ofSeconds(spec.path("leaseDurationSeconds").asLong(0));
            return renewed.plus(lasts).isBefore(time.instant())
                    ? Optional.of("the lease of " + leader + " was last renewed at " + renewed)
                    : Optional.empty();
        } catch (DateTimeException never) {
            return Optional.of("the lease of " + leader + " was never renewed");
        }
    }
}
