package dev.kapal.controllers.endpointslice;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Selectors;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;

/// Mirrors hand-written Endpoints of Services without a selector into EndpointSlices: proxies read only these. Source:
/// Kubernetes documentation, "EndpointSlice mirroring".
public final class MirrorReconciler implements Reconciler {
    private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

    private final Cache<Endpoints> endpoints;
    private final Cache<Service> services;
    private final Cache<EndpointSlice> slices;
    private final SliceWriter writer;

    public MirrorReconciler(Informers informers, Api api) {
        this.endpoints = informers.of(Endpoints.class);
        this.services = informers.of(Service.class);
        this.slices = informers.of(EndpointSlice.class).index(Slices.BY_SERVICE, Slices::byService);
        this.writer = new SliceWriter(api, slices);
    }

    @Override
    public List<Wake> wakes() {
        return List.of(
                Wake.own(endpoints),
                Wake.own(services),
                Wake.on(slices, change -> Slices.serviceOf(change.latest(), Mirrored.US)));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        if (!writer.seen(key)) {
            return Outcome.settled(); // what we wrote last wakes us when it arrives
        }
        var existing = Slices.managedBy(slices, key, Mirrored.US);
        var found = endpoints.find(key).filter(this::isMirrored);
        if (found.isPresent()) {
            writer.apply(key, SlicePlan.of(Mirrored.wanted(found.get()), existing));
        } else if (!existing.isEmpty()) {
            writer.apply(key, new SlicePlan(List.of(), List.of(), existing));
        } else {
            writer.forget(key);
        }
        return Outcome.settled();
    }

    private boolean isMirrored(Endpoints candidate) {
        boolean refused = "true".equals(Selectors.labels(candidate).get(SKIP))
                || Selectors.annotations(candidate).containsKey(LEADER);
        return !refused
                && services.find(Key.of(candidate))
                        .filter(service -> ServicePods.selector(service).isEmpty())
                        .isPresent();
    }
}
