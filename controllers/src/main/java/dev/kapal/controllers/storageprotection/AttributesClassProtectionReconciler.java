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
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.VolumeAttributesClass;
import io.fabric8.kubernetes.api.model.storage.VolumeAttributesClassBuilder;
import java.util.ArrayList;
import java.util.List;

/// Keeps a deleted VolumeAttributesClass as long as a claim asks for it or a volume has it.
public final class AttributesClassProtectionReconciler implements Reconciler {
    static final String FINALIZER = "kubernetes.io/vac-protection";

    private final Cache<VolumeAttributesClass> classes;
    private final Cache<PersistentVolumeClaim> claims;
    private final Cache<PersistentVolume> volumes;
    private final Api api;

    public AttributesClassProtectionReconciler(Informers informers, Api api) {
        this.classes = informers.of(VolumeAttributesClass.class);
        this.claims = informers.of(PersistentVolumeClaim.class);
        this.volumes = informers.of(PersistentVolume.class);
        this.api = api;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(classes), Wake.on(claims, change -> waiting()), Wake.on(volumes, change -> waiting()));
    }

    /// Those that would go if nobody used them: few, if any.
    private List<Key> waiting() {
        return classes.all().stream()
                .filter(Finalizers::isDeleting)
                .map(Key::of)
                .toList();
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = classes.find(key);
        if (found.isEmpty()) {
            return Outcome.settled();
        }
        var attributes = found.get();
        boolean protects = Finalizers.has(attributes, FINALIZER);
        if (Finalizers.isDeleting(attributes)) {
            if (protects && !isUsed(key.name())) {
                Finalizers.remove(api, new VolumeAttributesClassBuilder(attributes).build(), FINALIZER);
            }
        } else if (!protects) {
            Finalizers.add(api, new VolumeAttributesClassBuilder(attributes).build(), FINALIZER);
        }
        return Outcome.settled();
    }

    private boolean isUsed(String name) {
        return claims.all().stream().anyMatch(claim -> names(claim).contains(name))
                || volumes.all().stream()
                        .anyMatch(volume -> volume.getSpec() != null
                                && name.equals(volume.getSpec().getVolumeAttributesClassName()));
    }

    private static List<String> names(PersistentVolumeClaim claim) {
        var names = new ArrayList<String>();
        if (claim.getSpec() != null) {
            names.add(claim.getSpec().getVolumeAttributesClassName());
        }
        if (claim.getStatus() != null) {
            names.add(claim.getStatus().getCurrentVolumeAttributesClassName());
            if (claim.getStatus().getModifyVolumeStatus() != null) {
                names.add(claim.getStatus().getModifyVolumeStatus().getTargetVolumeAttributesClassName());
            }
        }
        return names;
    }
}
