package dev.kapal.controllers.endpoints;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.endpointslice.PodServices;
import dev.kapal.controllers.endpointslice.ServicePods;
import dev.kapal.controllers.endpointslice.TriggerTimes;
import dev.kapal.controllers.workload.Refusals;
import dev.kapal.controllers.workload.Selectors;
import dev.kapal.model.select.LabelSelector;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps the Endpoints of each Service with a selector, under the Service's name. Source: core/v1 API reference,
/// Endpoints.
public final class EndpointsReconciler implements Reconciler {
    private static final String COMPONENT = "endpoint-controller";
    private static final String HEADLESS = "service.kubernetes.io/headless";
    private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
    private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

    private final Cache<Service> services;
    private final Cache<Pod> pods;
    private final Cache<Endpoints> endpoints;
    private final Api api;
    private final EventRecorder events;
    private final TriggerTimes triggers = new TriggerTimes();
    /// The Services that were seen to exist.
    private final Set<Key> served = ConcurrentHashMap.newKeySet();

    public EndpointsReconciler(Informers informers, Api api, EventRecorder events) {
        this.services = informers.of(Service.class);
        this.pods = informers.of(Pod.class);
        this.endpoints = informers.of(Endpoints.class);
        this.api = api;
        this.events = events;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(services), Wake.on(pods, new PodServices(services)::of), Wake.own(endpoints));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = services.find(key);
        if (found.isEmpty()) {
            triggers.forget(key);
            removeLeft(key);
            return Outcome.settled();
        }
        var service = found.get();
        served.add(key);
        var selector = ServicePods.selector(service);
        if (ServicePods.isExternalName(service) || selector.isEmpty()) {
            return Outcome.settled();
        }
        var labels = LabelSelector.ofLabels(selector);
        var behind = pods.list(key.namespace()).stream()
                .filter(pod -> Selectors.matches(labels, pod))
                .toList();
        apply(service, behind);
        return Outcome.settled();
    }

    /// The Service is gone, and its endpoints go with it, whoever wrote them. What people write before its Service is
    /// there stays: it waits for it.
    private void removeLeft(Key key) throws InterruptedException {
        boolean had = served.remove(key);
        var left = endpoints.find(key);
        boolean ours = left.isPresent()
                && COMPONENT.equals(Selectors.labels(left.get()).get(MANAGED_BY));
        if (left.isPresent() && (had || ours)) {
            api.delete(Endpoints.class, key, new DeleteOptions());
        }
    }

    private void apply(Service service, List<Pod> behind) throws InterruptedException {
        var all = Subsets.of(service, behind);
        boolean over = Subsets.isOverCapacity(all);
        var subsets = over ? Subsets.truncated(all) : all;
        var before = endpoints.find(Key.of(service));
        if (before.isPresent() && isSame(before.get(), service, subsets, over)) {
            return;
        }
        var wanted = wanted(service, behind, subsets, over, before.orElseGet(Endpoints::new));
        try {
            if (before.isPresent()) {
                api.update(wanted);
            } else {
                api.create(wanted);
            }
        } catch (KubernetesClientException refusal) {
            tell(service, wanted, before.isPresent(), refusal);
        }
    }

    private Endpoints wanted(
            Service service, List<Pod> behind, List<EndpointSubset> subsets, boolean over, Endpoints before) {
        var annotations = new LinkedHashMap<String, String>();
        if (before.getMetadata() != null) {
            annotations.putAll(Selectors.annotations(before));
        }
        triggers.next(service, behind)
                .ifPresentOrElse(
                        at -> annotations.put(TriggerTimes.ANNOTATION, at.toString()),
                        () -> annotations.remove(TriggerTimes.ANNOTATION));
        annotations.remove(OVER_CAPACITY);
        if (over) {
            annotations.put(OVER_CAPACITY, "truncated");
        }
        return new EndpointsBuilder(before)
                .editOrNewMetadata()
                .withName(service.getMetadata().getName())
                .withNamespace(service.getMetadata().getNamespace())
                .withLabels(labels(service))
                .withAnnotations(annotations)
                .endMetadata()
                .withSubsets(subsets)
                .build();
    }

    private static boolean isSame(Endpoints before, Service service, List<EndpointSubset> subsets, boolean over) {
        return Objects.requireNonNullElse(before.getSubsets(), List.of()).equals(subsets)
                && Selectors.labels(before).equals(labels(service))
                && Selectors.annotations(before).containsKey(OVER_CAPACITY) == over;
    }

    private static Map<String, String> labels(Service service) {
        var labels = new LinkedHashMap<>(Selectors.labels(service));
        labels.remove(HEADLESS);
        if (ServicePods.isHeadless(service)) {
            labels.put(HEADLESS, "");
        }
        labels.put(MANAGED_BY, COMPONENT);
        return labels;
    }

    private void tell(Service service, Endpoints wanted, boolean exists, KubernetesClientException refusal) {
        if (Refusals.isNamespaceTerminating(refusal)) {
            return;
        }
        if (!Refusals.isConflict(refusal)) {
            String what = exists ? "update" : "create";
            events.warning(
                    exists ? wanted : service,
                    exists ? "FailedToUpdateEndpoint" : "FailedToCreateEndpoint",
                    "Failed to " + what + " endpoint " + service.getMetadata().getNamespace() + "/"
                            + service.getMetadata().getName() + ": " + Refusals.message(refusal),
                    COMPONENT);
        }
        throw refusal;
    }
}
