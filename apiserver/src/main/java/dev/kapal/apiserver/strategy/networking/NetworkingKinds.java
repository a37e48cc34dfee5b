package dev.kapal.apiserver.strategy.networking;

import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupResource;
import java.util.Map;

/// The strategies of this package.
public final class NetworkingKinds {
    private static final String GROUP = "networking.k8s.io";

    private NetworkingKinds() {}

    public static Map<GroupResource, Strategy> strategies() {
        return Map.of(
                new GroupResource(GROUP, "ingresses"), new IngressStrategy(),
                new GroupResource(GROUP, "ingressclasses"), new IngressClassStrategy(),
                new GroupResource(GROUP, "ipaddresses"), new IpAddressStrategy(),
                new GroupResource(GROUP, "networkpolicies"), new NetworkPolicyStrategy(),
                new GroupResource(GROUP, "servicecidrs"), new ServiceCidrStrategy());
    }
}
