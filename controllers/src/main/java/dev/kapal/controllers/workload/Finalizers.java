package dev.kapal.controllers.workload;

import dev.kapal.client.Api;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;

/// Looks at and changes the finalizers of an object.
public final class Finalizers {
    private Finalizers() {}

    public static boolean has(HasMetadata object, String finalizer) {
        var all = object.getMetadata().getFinalizers();
        return all != null && all.contains(finalizer);
    }

    public static boolean isDeleting(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }

    /// Writes `copy` without the finalizer.
    public static void remove(Api api, HasMetadata copy, String finalizer) throws InterruptedException {
        var rest = new ArrayList<>(copy.getMetadata().getFinalizers());
        rest.remove(finalizer);
        update(api, copy, rest);
    }

    /// Writes `copy` with the finalizer.
    public static void add(Api api, HasMetadata copy, String finalizer) throws InterruptedException {
        var all = new ArrayList<String>();
        if (copy.getMetadata().getFinalizers() != null) {
            all.addAll(copy.getMetadata().getFinalizers());
        }
        all.add(finalizer);
        update(api, copy, all);
    }

    private static void update(Api api, HasMetadata copy, ArrayList<String> finalizers) throws InterruptedException {
        copy.getMetadata().setFinalizers(finalizers);
        try {
            api.update(copy);
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isNotFound(refusal)) {
                throw refusal;
            }
        }
    }
}
