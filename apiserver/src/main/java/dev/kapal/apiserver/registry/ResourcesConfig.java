package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.admission.AdmissionChoice;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.store.Store;
import java.util.random.RandomGenerator;

/// What the pipeline needs.
///
/// @param random makes uids, generated names and allocations; must be safe for any thread
/// @param serviceCidr the range of cluster IPs, `10.96.0.0/16`
public record ResourcesConfig(
        ResourceRegistry registry,
        Store store,
        Time time,
        RandomGenerator random,
        Metrics metrics,
        String serviceCidr,
        ServingOptions serving,
        AdmissionChoice admission) {
    public static final String DEFAULT_SERVICE_CIDR = "10.96.0.0/16";

    public ResourcesConfig(ResourceRegistry registry, Store store, Time time, RandomGenerator random, Metrics metrics) {
        this(
                registry,
                store,
                time,
                random,
                metrics,
                DEFAULT_SERVICE_CIDR,
                ServingOptions.DEFAULT,
                AdmissionChoice.DEFAULT);
    }
}
