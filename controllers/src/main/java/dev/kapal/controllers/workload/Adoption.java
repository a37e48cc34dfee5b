package dev.kapal.controllers.workload;

import dev.kapal.client.Api;
import dev.kapal.client.Key;
import dev.kapal.client.OwnerRefs;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;

/// Carries out claims: writes or removes the controller reference. Any thread; blocks.
public final class Adoption {
    private final Api api;

    public Adoption(Api api) {
        this.api = api;
    }

    /// Adopts and releases as `claims` say; the objects that are the owner's afterwards.
    public <T extends HasMetadata, O extends HasMetadata> List<T> carryOut(Claims<T> claims, O owner, Class<T> type)
            throws InterruptedException {
        var own = new ArrayList<>(claims.own());
        for (T stray : claims.release()) {
            release(stray, owner, type);
        }
        if (!claims.adopt().isEmpty() && stillWanted(owner)) {
            for (T orphan : claims.adopt()) {
                own.add(adopt(orphan, owner, type));
            }
        }
        return own;
    }

    /// Asks the server, for the cache may not know yet that the owner is being deleted or was made anew.
    @SuppressWarnings("unchecked") // getClass() of an O is a class of O
    public <O extends HasMetadata> boolean stillWanted(O owner) throws InterruptedException {
        var fresh = api.fetch((Class<O>) owner.getClass(), Key.of(owner));
        return fresh.isPresent()
                && fresh.get().getMetadata().getUid().equals(owner.getMetadata().getUid())
                && fresh.get().getMetadata().getDeletionTimestamp() == null;
    }

    private <T extends HasMetadata> T adopt(T orphan, HasMetadata owner, Class<T> type) throws InterruptedException {
        var reference = OwnerRefs.controlling(owner);
        String patch = """
                {"metadata":{"uid":"%s","ownerReferences":[{"apiVersion":"%s","kind":"%s","name":"%s","uid":"%s",\
                "controller":true,"blockOwnerDeletion":true}]}}""".formatted(
                        orphan.getMetadata().getUid(),
                        reference.getApiVersion(),
                        reference.getKind(),
                        reference.getName(),
                        reference.getUid());
        return api.patch(type, Key.of(orphan), Api.Patch.STRATEGIC, patch);
    }

    private <T extends HasMetadata> void release(T stray, HasMetadata owner, Class<T> type)
            throws InterruptedException {
        String patch =
                """
                {"metadata":{"uid":"%s","ownerReferences":[{"$patch":"delete","uid":"%s"}]}}""".formatted(stray.getMetadata().getUid(), owner.getMetadata().getUid());
        try {
            api.patch(type, Key.of(stray), Api.Patch.STRATEGIC, patch);
        } catch (KubernetesClientException refusal) {
            boolean gone = refusal.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
            // 422: the reference or the uid is another one by now; whoever changed it wakes us.
            if (!gone && refusal.getCode() != 422) {
                throw refusal;
            }
        }
    }
}
