package dev.kapal.apiserver.strategy.storage;

import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupResource;
import java.time.InstantSource;
import java.util.Map;

/// The strategies of this package.
public final class StorageKinds {
    private static final String GROUP = "storage.k8s.io";

    private StorageKinds() {}

    public static Map<GroupResource, Strategy> strategies(InstantSource time) {
        return Map.of(
                new GroupResource("", "persistentvolumes"), new PersistentVolumeStrategy(time),
                new GroupResource("", "persistentvolumeclaims"), new PersistentVolumeClaimStrategy(),
                new GroupResource(GROUP, "storageclasses"), new StorageClassStrategy(),
                new GroupResource(GROUP, "volumeattachments"), new VolumeAttachmentStrategy(),
                new GroupResource(GROUP, "csidrivers"), new CsiDriverStrategy(),
                new GroupResource(GROUP, "csinodes"), new CsiNodeStrategy(),
                new GroupResource(GROUP, "csistoragecapacities"), new CsiStorageCapacityStrategy(),
                new GroupResource(GROUP, "volumeattributesclasses"), new VolumeAttributesClassStrategy());
    }
}
