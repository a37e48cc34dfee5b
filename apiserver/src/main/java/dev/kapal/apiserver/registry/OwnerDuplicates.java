package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.api.Meta;
import java.util.ArrayList;
import java.util.LinkedHashSet;

/// Takes owner references out of an object that are there already, and tells the client. Pure.
final class OwnerDuplicates {
    private OwnerDuplicates() {}

    /// In what a client sent.
    static void removeFromSent(Meta meta, Warnings warnings) {
        remove(meta, "", warnings);
    }

    /// In what plugins made of it, or a patch.
    static void removeAfterAdmission(Meta meta, Warnings warnings) {
        remove(meta, " after mutating admission happens", warnings);
    }

    private static void remove(Meta meta, String when, Warnings warnings) {
        var references = meta.node().path("ownerReferences");
        if (references.size() < 2) {
            return;
        }
        var kept = new LinkedHashSet<JsonNode>();
        var duplicates = new ArrayList<String>();
        for (var reference : references) {
            if (!kept.add(reference)) {
                duplicates.add(reference.path("uid").asText(""));
            }
        }
        if (duplicates.isEmpty()) {
            return;
        }
        meta.node().putArray("ownerReferences").addAll(kept);
        warnings.add(".metadata.ownerReferences contains duplicate entries" + when
                + "; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24;"
                + " please fix your requests; duplicate UID(s) observed: " + String.join(", ", duplicates));
    }
}
