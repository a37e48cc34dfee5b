package dev.kapal.apiserver.strategy.device;

import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupResource;
import java.util.Map;

/// The strategies of this package.
public final class DeviceKinds {
    private static final String GROUP = "resource.k8s.io";

    private DeviceKinds() {}

    public static Map<GroupResource, Strategy> strategies(WatchCaches caches) {
        var access = new AdminAccess(caches);
        return Map.of(
                new GroupResource(GROUP, "deviceclasses"), new DeviceClassStrategy(),
                new GroupResource(GROUP, "resourceclaims"), new ResourceClaimStrategy(access),
                new GroupResource(GROUP, "resourceclaimtemplates"), new ResourceClaimTemplateStrategy(access),
                new GroupResource(GROUP, "resourceslices"), new ResourceSliceStrategy());
    }
}
