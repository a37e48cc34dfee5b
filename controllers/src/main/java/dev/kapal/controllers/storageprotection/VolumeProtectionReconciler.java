package dev.kapal.controllers.storageprotection;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Finalizers;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import java.util.List;

/// Keeps a deleted volume as long as it is bound. Source: Kubernetes documentation, Storage Object in Use Protection.
public final class VolumeProtectionReconciler implements Reconciler {
    static final String FINALIZER = "kubernetes.io/pv-protection";

    private final Cache<PersistentVolume> volumes;
    private final Api api;

    public VolumeProtectionReconciler(Informers informers, Api api) {
        this.volumes = informers.of(PersistentVolume.class);
        this.api = api;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(volumes));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = volumes.find(key);
        if (found.isEmpty()) {
            return Outcome.settled();
        }
        var volume = found.get();
        boolean protects = Finalizers.has(volume, FINALIZER);
        if (Finalizers.isDeleting(volume)) {
            if (protects && !isBound(volume)) {
                Finalizers.remove(api, new PersistentVolumeBuilder(volume).build(), FINALIZER);
            }
        } else if (!protects) {
            Finalizers.add(api, new PersistentVolumeBuilder(volume).build(), FINALIZER);
        }
        return Outcome.settled();
    }

    private static boolean isBound(PersistentVolume volume) {
        return volume.getStatus() != null && "Bound".equals(volume.getStatus().getPhase());
    }
}
