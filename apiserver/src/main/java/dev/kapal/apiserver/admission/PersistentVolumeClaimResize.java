package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Quantity;

/// Lets a claim grow only when it is bound and its class says that volumes can.
final class PersistentVolumeClaimResize implements AdmissionPlugin.Validating {
    private final ObjectReader objects;

    PersistentVolumeClaimResize(ObjectReader objects) {
        this.objects = objects;
    }

    @Override
    public String name() {
        return "PersistentVolumeClaimResize";
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        if (!request.isUpdate() || !request.isCore("persistentvolumeclaims")) {
            return;
        }
        JsonNode claim = request.object().orElseThrow();
        JsonNode stored = request.stored().orElseThrow();
        if (size(claim).compareTo(size(stored)) <= 0) {
            return;
        }
        if (!stored.path("status").path("phase").asText().equals("Bound")) {
            throw request.forbidden("only bound persistent volume claims can be expanded");
        }
        var name = className(claim);
        boolean may = !name.isEmpty()
                && name.equals(className(stored))
                && objects.find(DefaultStorageClass.CLASSES, "", name)
                        .map(storageClass ->
                                storageClass.path("allowVolumeExpansion").asBoolean())
                        .orElse(false);
        if (!may) {
            throw request.forbidden("only dynamically provisioned pvc can be resized and the storageclass that"
                    + " provisions the pvc must support resize");
        }
    }

    private static Quantity size(JsonNode claim) {
        var size = claim.path("spec").path("resources").path("requests").path("storage");
        return size.isMissingNode() ? Quantity.ZERO : Quantity.parse(size.asText());
    }

    private static String className(JsonNode claim) {
        var old = claim.path("metadata").path("annotations").path(DefaultStorageClass.OLD_ANNOTATION);
        return old.isMissingNode() ? claim.path("spec").path("storageClassName").asText("") : old.asText();
    }
}
