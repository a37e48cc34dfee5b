package dev.kapal.apiserver.strategy;

import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.crd.CrdStrategy;
import dev.kapal.apiserver.crd.CustomResourceStrategy;
import dev.kapal.apiserver.strategy.apps.AppsKinds;
import dev.kapal.apiserver.strategy.autoscaling.AutoscalingKinds;
import dev.kapal.apiserver.strategy.batch.BatchKinds;
import dev.kapal.apiserver.strategy.cluster.ClusterKinds;
import dev.kapal.apiserver.strategy.device.DeviceKinds;
import dev.kapal.apiserver.strategy.flow.FlowKinds;
import dev.kapal.apiserver.strategy.networking.NetworkingKinds;
import dev.kapal.apiserver.strategy.policy.PolicyKinds;
import dev.kapal.apiserver.strategy.quota.QuotaKinds;
import dev.kapal.apiserver.strategy.registration.RegistrationKinds;
import dev.kapal.apiserver.strategy.storage.StorageKinds;
import dev.kapal.model.GroupResource;
import dev.kapal.model.ResourceDefinition;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The strategy of every kind. Any thread.
public final class Strategies {
    private static final Strategy PLAIN = new PlainStrategy();

    private final Map<GroupResource, Strategy> strategies;

    /// @param serviceCidr where services get their addresses from
    /// @param firstPort of the node ports, as `lastPort` included
    public Strategies(
            WatchCaches caches,
            RandomGenerator random,
            InstantSource time,
            String serviceCidr,
            int firstPort,
            int lastPort) {
        var allocator = new ServiceAllocator(caches, random, AddressRange.of(serviceCidr), firstPort, lastPort);
        var all = new HashMap<>(Map.ofEntries(
                core("namespaces", new NamespaceStrategy()),
                core("nodes", new NodeStrategy()),
                core("pods", new PodStrategy()),
                core("services", new ServiceStrategy(allocator)),
                core("endpoints", new EndpointsStrategy()),
                core("configmaps", new ConfigMapStrategy()),
                core("secrets", new SecretStrategy()),
                core("serviceaccounts", new ServiceAccountStrategy()),
                core("events", new EventStrategy()),
                of("apiextensions.k8s.io", "customresourcedefinitions", new CrdStrategy(time)),
                of("apiregistration.k8s.io", "apiservices", new ApiServiceStrategy()),
                of("apps", "deployments", new DeploymentStrategy()),
                of("apps", "replicasets", new ReplicaSetStrategy()),
                of("certificates.k8s.io", "certificatesigningrequests", new CertificateRequestStrategy(time)),
                of("certificates.k8s.io", "clustertrustbundles", new TrustBundleStrategy()),
                of("coordination.k8s.io", "leases", new LeaseStrategy()),
                of("discovery.k8s.io", "endpointslices", new EndpointSliceStrategy()),
                of("rbac.authorization.k8s.io", "roles", new RbacRoleStrategy(true)),
                of("rbac.authorization.k8s.io", "clusterroles", new RbacRoleStrategy(false)),
                of("rbac.authorization.k8s.io", "rolebindings", new RbacBindingStrategy(true)),
                of("rbac.authorization.k8s.io", "clusterrolebindings", new RbacBindingStrategy(false))));
        all.putAll(AppsKinds.strategies());
        all.putAll(BatchKinds.strategies());
        all.putAll(AutoscalingKinds.strategies());
        all.putAll(PolicyKinds.strategies());
        all.putAll(QuotaKinds.strategies());
        all.putAll(StorageKinds.strategies(time));
        all.putAll(ClusterKinds.strategies());
        all.putAll(DeviceKinds.strategies(caches));
        all.putAll(RegistrationKinds.strategies());
        all.putAll(NetworkingKinds.strategies());
        all.putAll(FlowKinds.strategies());
        strategies = Map.copyOf(all);
    }

    public Strategy of(ResourceDefinition definition) {
        return CustomResourceStrategy.of(definition)
                .orElseGet(() -> strategies.getOrDefault(definition.groupResource(), PLAIN));
    }

    private static Map.Entry<GroupResource, Strategy> core(String plural, Strategy strategy) {
        return of("", plural, strategy);
    }

    private static Map.Entry<GroupResource, Strategy> of(String group, String plural, Strategy strategy) {
        return Map.entry(new GroupResource(group, plural), strategy);
    }
}
