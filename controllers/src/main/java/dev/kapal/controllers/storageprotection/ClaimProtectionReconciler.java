package dev.kapal.controllers.storageprotection;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Finalizers;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;

/// Keeps a deleted claim as long as a pod uses it. Source: Kubernetes documentation, Storage Object in Use Protection.
public final class ClaimProtectionReconciler implements Reconciler {
    static final String FINALIZER = "kubernetes.io/pvc-protection";
    private static final String BY_CLAIM = "claim";

    private final Cache<PersistentVolumeClaim> claims;
    private final Cache<Pod> pods;
    private final Api api;

    public ClaimProtectionReconciler(Informers informers, Api api) {
        this.claims = informers.of(PersistentVolumeClaim.class);
        this.pods = informers.of(Pod.class).index(BY_CLAIM, ClaimProtectionReconciler::claimNames);
        this.api = api;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(claims), Wake.on(pods, ClaimProtectionReconciler::freed));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = claims.find(key);
        if (found.isEmpty()) {
            return Outcome.settled();
        }
        var claim = found.get();
        boolean protects = Finalizers.has(claim, FINALIZER);
        if (Finalizers.isDeleting(claim)) {
            // the cache may not know the newest pods: the last look is at the server itself
            if (protects && !isUsed(key, pods.byIndex(BY_CLAIM, key.toString())) && !isUsedNow(key)) {
                Finalizers.remove(api, new PersistentVolumeClaimBuilder(claim).build(), FINALIZER);
            }
        } else if (!protects) {
            Finalizers.add(api, new PersistentVolumeClaimBuilder(claim).build(), FINALIZER);
        }
        return Outcome.settled();
    }

    private boolean isUsedNow(Key key) throws InterruptedException {
        var listed = new ArrayList<Pod>();
        for (var item :
                api.get("/api/v1/namespaces/" + key.namespace() + "/pods").path("items")) {
            listed.add(Serialization.unmarshal(item.toString(), Pod.class));
        }
        return isUsed(key, listed);
    }

    /// Only a pod that has a node can have mounted anything; one that never gets one does not hold the claim.
    static boolean isUsed(Key key, List<Pod> pods) {
        return pods.stream()
                .filter(pod -> pod.getSpec().getNodeName() != null
                        && !pod.getSpec().getNodeName().isEmpty())
                .anyMatch(pod -> claimNames(pod).contains(key.toString()));
    }

    private static List<Key> freed(Change<Pod> change) {
        var keys = new ArrayList<Key>();
        boolean ended = change instanceof Change.Deleted<Pod> || isOver(change.latest());
        if (ended) {
            mounted(change.latest()).forEach(name -> keys.add(key(name)));
        }
        return keys;
    }

    private static boolean isOver(Pod pod) {
        var phase =
                pod.getStatus() == null ? "" : String.valueOf(pod.getStatus().getPhase());
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private static Key key(String text) {
        int slash = text.indexOf('/');
        return new Key(text.substring(0, slash), text.substring(slash + 1));
    }

    /// The claims that a pod uses: none once it has ended.
    private static List<String> claimNames(Pod pod) {
        return isOver(pod) ? List.of() : mounted(pod);
    }

    /// `namespace/name` of the claims that a pod mounts, those made for its ephemeral volumes included.
    private static List<String> mounted(Pod pod) {
        var names = new ArrayList<String>();
        if (pod.getSpec() == null || pod.getSpec().getVolumes() == null) {
            return names;
        }
        var namespace = pod.getMetadata().getNamespace() + "/";
        for (var volume : pod.getSpec().getVolumes()) {
            if (volume.getPersistentVolumeClaim() != null) {
                names.add(namespace + volume.getPersistentVolumeClaim().getClaimName());
            } else if (volume.getEphemeral() != null) {
                names.add(namespace + pod.getMetadata().getName() + "-" + volume.getName());
            }
        }
        return names;
    }
}
