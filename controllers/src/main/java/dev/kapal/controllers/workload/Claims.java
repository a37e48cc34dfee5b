package dev.kapal.controllers.workload;

import dev.kapal.client.OwnerRefs;
import dev.kapal.model.select.LabelSelector;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;

/// Which of the objects that an owner could manage are its own, which it should adopt and which it should let go.
/// A value; adopting and releasing is done by [Adoption].
///
/// An object with another controller is never touched. An orphan that matches is adopted, unless it or the
/// owner is being deleted. An own object that no longer matches is released, unless the owner is being deleted.
///
/// Source: API concepts, "Controllers and ownerReferences".
public record Claims<T extends HasMetadata>(List<T> own, List<T> adopt, List<T> release) {
    public static <T extends HasMetadata> Claims<T> of(HasMetadata owner, LabelSelector selector, List<T> candidates) {
        boolean leaving = owner.getMetadata().getDeletionTimestamp() != null;
        var own = new ArrayList<T>();
        var adopt = new ArrayList<T>();
        var release = new ArrayList<T>();
        for (T candidate : candidates) {
            boolean matches = Selectors.matches(selector, candidate);
            var controller = OwnerRefs.controller(candidate);
            if (controller.isPresent()) {
                if (!controller.get().getUid().equals(owner.getMetadata().getUid())) {
                    continue;
                }
                if (matches) {
                    own.add(candidate);
                } else if (!leaving) {
                    release.add(candidate);
                }
            } else if (matches && !leaving && candidate.getMetadata().getDeletionTimestamp() == null) {
                adopt.add(candidate);
            }
        }
        return new Claims<>(own, adopt, release);
    }
}
