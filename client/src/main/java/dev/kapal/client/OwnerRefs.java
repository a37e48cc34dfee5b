package dev.kapal.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Optional;

/// Reads and makes owner references.
public final class OwnerRefs {
    private OwnerRefs() {}

    public static List<OwnerReference> of(HasMetadata object) {
        var owners = object.getMetadata().getOwnerReferences();
        return owners == null ? List.of() : owners;
    }

    /// The one owner that manages the object.
    public static Optional<OwnerReference> controller(HasMetadata object) {
        for (OwnerReference owner : of(object)) {
            if (Boolean.TRUE.equals(owner.getController())) {
                return Optional.of(owner);
            }
        }
        return Optional.empty();
    }

    public static boolean isControlledBy(HasMetadata object, HasMetadata owner) {
        return controller(object)
                .map(OwnerReference::getUid)
                .filter(owner.getMetadata().getUid()::equals)
                .isPresent();
    }

    /// The uid of the controller, as an index: objects of one controller are found together.
    public static List<String> controllerUid(HasMetadata object) {
        return controller(object).map(OwnerReference::getUid).map(List::of).orElse(List.of());
    }

    /// The reference by which `owner` manages its children.
    public static OwnerReference controlling(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
