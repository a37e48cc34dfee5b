package dev.kapal.controllers.servicecidr;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Finalizers;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IPAddress;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDRBuilder;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Says of each range that it can be used, and keeps a deleted one as long as services have addresses that are in no
/// other. Source: kubernetes.io, "Extend Service IP Ranges".
public final class ServiceCidrReconciler implements Reconciler {
    static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";
    private static final String READY = "Ready";

    private final Cache<ServiceCIDR> ranges;
    private final Cache<IPAddress> addresses;
    private final Api api;
    private final InstantSource time;

    public ServiceCidrReconciler(Informers informers, Api api, InstantSource time) {
        this.ranges = informers.of(ServiceCIDR.class);
        this.addresses = informers.of(IPAddress.class);
        this.api = api;
        this.time = time;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.on(ranges, change -> with(change.latest())), Wake.on(addresses, change -> leaving()));
    }

    /// A range that comes or goes may free others, or hold them.
    private Set<Key> with(ServiceCIDR range) {
        var keys = new LinkedHashSet<>(leaving());
        keys.add(Key.of(range));
        return keys;
    }

    private List<Key> leaving() {
        return ranges.all().stream().filter(Finalizers::isDeleting).map(Key::of).toList();
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = ranges.find(key);
        if (found.isEmpty()) {
            return Outcome.settled();
        }
        var range = found.get();
        if (Finalizers.isDeleting(range)) {
            leave(range);
        } else if (!Finalizers.has(range, FINALIZER)) {
            Finalizers.add(api, new ServiceCIDRBuilder(range).build(), FINALIZER);
        } else {
            say(range, "True", "", "Kubernetes Service CIDR is ready");
        }
        return Outcome.settled();
    }

    private void leave(ServiceCIDR range) throws InterruptedException {
        if (!Finalizers.has(range, FINALIZER)) {
            return;
        }
        if (mayGo(range, ranges.all(), addresses.all())) {
            Finalizers.remove(api, new ServiceCIDRBuilder(range).build(), FINALIZER);
        } else {
            say(
                    range,
                    "False",
                    "Terminating",
                    "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new"
                            + " ServiceCIDR");
        }
    }

    /// Whether no service loses the range of its address.
    static boolean mayGo(ServiceCIDR range, List<ServiceCIDR> all, List<IPAddress> addresses) {
        var others = all.stream()
                .filter(other -> !Key.of(other).equals(Key.of(range)))
                .flatMap(other -> prefixes(other).stream())
                .toList();
        return prefixes(range).stream()
                .filter(prefix -> others.stream().noneMatch(other -> other.contains(prefix)))
                .allMatch(prefix -> addresses.stream()
                        .filter(address -> ServiceAddresses.owner(address).isPresent())
                        .map(address -> address.getMetadata().getName())
                        .filter(prefix::contains)
                        .allMatch(ip -> others.stream().anyMatch(other -> other.contains(ip))));
    }

    private static List<Prefix> prefixes(ServiceCIDR range) {
        var spec = range.getSpec();
        return spec == null || spec.getCidrs() == null
                ? List.of()
                : spec.getCidrs().stream()
                        .flatMap(cidr -> Prefix.of(cidr).stream())
                        .toList();
    }

    private void say(ServiceCIDR range, String status, String reason, String message) throws InterruptedException {
        var before = ready(range);
        if (before.isPresent()
                && status.equals(before.get().getStatus())
                && message.equals(before.get().getMessage())) {
            return;
        }
        var condition = new ConditionBuilder()
                .withType(READY)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(
                        time.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .build();
        api.updateStatus(new ServiceCIDRBuilder(range)
                .editOrNewStatus()
                .withConditions(condition) // there are no others
                .endStatus()
                .build());
    }

    private static Optional<Condition> ready(ServiceCIDR range) {
        return range.getStatus() == null || range.getStatus().getConditions() == null
                ? Optional.empty()
                : range.getStatus().getConditions().stream()
                        .filter(condition -> READY.equals(condition.getType()))
                        .findFirst();
    }
}
