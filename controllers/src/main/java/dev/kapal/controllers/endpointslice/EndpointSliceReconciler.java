package dev.kapal.controllers.endpointslice;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Selectors;
import dev.kapal.model.select.LabelSelector;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Optional;

/// Keeps the EndpointSlices of each Service with a selector. Source: discovery.k8s.io/v1 API reference, EndpointSlice.
public final class EndpointSliceReconciler implements Reconciler {
    private final Cache<Service> services;
    private final Cache<Pod> pods;
    private final Cache<Node> nodes;
    private final Cache<EndpointSlice> slices;
    private final SliceWriter writer;
    private final TriggerTimes triggers = new TriggerTimes();

    public EndpointSliceReconciler(Informers informers, Api api) {
        this.services = informers.of(Service.class);
        this.pods = informers.of(Pod.class);
        this.nodes = informers.of(Node.class);
        this.slices = informers.of(EndpointSlice.class).index(Slices.BY_SERVICE, Slices::byService);
        this.writer = new SliceWriter(api, slices);
    }

    @Override
    public List<Wake> wakes() {
        return List.of(
                Wake.own(services),
                Wake.on(pods, new PodServices(services)::of),
                Wake.on(slices, change -> Slices.serviceOf(change.latest(), ServiceEndpoints.US)),
                // A zone appears on the slices once the node is known.
                Wake.on(
                        nodes,
                        change -> Slices.isMoved(change)
                                ? services.all().stream().map(Key::of).toList()
                                : List.of()));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = services.find(key);
        if (found.isEmpty()) {
            writer.forget(key);
            triggers.forget(key);
            return Outcome.settled(); // the garbage collector takes the slices
        }
        var service = found.get();
        var selector = ServicePods.selector(service);
        if (ServicePods.isExternalName(service) || selector.isEmpty() || !writer.seen(key)) {
            return Outcome.settled(); // what we wrote last wakes us when it arrives
        }
        var labels = LabelSelector.ofLabels(selector);
        var behind = pods.list(key.namespace()).stream()
                .filter(pod -> Selectors.matches(labels, pod))
                .toList();
        var wanted = ServiceEndpoints.wanted(
                service,
                behind,
                name -> name.isEmpty() ? Optional.empty() : nodes.find(Key.cluster(name)),
                triggers.next(service, behind));
        writer.apply(key, SlicePlan.of(wanted, Slices.managedBy(slices, key, ServiceEndpoints.US)));
        return Outcome.settled();
    }
}
