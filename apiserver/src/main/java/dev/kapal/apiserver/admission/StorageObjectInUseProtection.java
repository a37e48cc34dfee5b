package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// Gives volumes and claims the finalizer that keeps them while they are used; controllers take it away.
final class StorageObjectInUseProtection implements AdmissionPlugin.Mutating {
    @Override
    public String name() {
        return "StorageObjectInUseProtection";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.isCreate() && request.subresource().isEmpty()) {
            finalizer(request).ifPresent(name -> add(request.object().orElseThrow(), name));
        }
    }

    private static Optional<String> finalizer(AdmissionRequest request) {
        if (request.isCore("persistentvolumeclaims")) {
            return Optional.of("kubernetes.io/pvc-protection");
        }
        if (request.isCore("persistentvolumes")) {
            return Optional.of("kubernetes.io/pv-protection");
        }
        return request.isOf("storage.k8s.io", "volumeattributesclasses")
                ? Optional.of("kubernetes.io/vac-protection")
                : Optional.empty();
    }

    private static void add(ObjectNode object, String finalizer) {
        var finalizers = object.withObjectProperty("metadata").withArrayProperty("finalizers");
        for (var present : finalizers) {
            if (present.asText().equals(finalizer)) {
                return;
            }
        }
        finalizers.add(finalizer);
    }
}
