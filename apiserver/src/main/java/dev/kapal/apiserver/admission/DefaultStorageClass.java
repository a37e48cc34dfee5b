package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionResource;
import java.util.Set;

/// Gives a claim for storage that names no class the default one.
final class DefaultStorageClass implements AdmissionPlugin.Mutating {
    static final GroupVersionResource CLASSES = new GroupVersionResource("storage.k8s.io", "v1", "storageclasses");
    static final String OLD_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
    private static final Set<String> MARKS =
            Set.of("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class");

    private final ObjectReader objects;

    DefaultStorageClass(ObjectReader objects) {
        this.objects = objects;
    }

    @Override
    public String name() {
        return "DefaultStorageClass";
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        if (!request.isCreate() || !request.isCore("persistentvolumeclaims")) {
            return;
        }
        var claim = request.object().orElseThrow();
        if (claim.path("spec").has("storageClassName")
                || claim.path("metadata").path("annotations").has(OLD_ANNOTATION)
                || !(claim.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        DefaultClasses.newest(objects, CLASSES, MARKS).ifPresent(name -> spec.put("storageClassName", name));
    }
}
