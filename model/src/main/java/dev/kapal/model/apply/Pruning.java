package dev.kapal.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.apply.FieldManagement.Versioned;
import dev.kapal.model.apply.Ownership.Share;
import dev.kapal.model.codec.Documents;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Takes out of a merged object what its applier no longer wants and nobody else owns. Fields are compared in the
/// version
/// that their owner wrote in.
final class Pruning {
    private final FieldManagement management;

    /// In the version that the applier used last.
    private final Versioned merged;

    private Pruning(FieldManagement management, Versioned merged) {
        this.management = management;
        this.merged = merged;
    }

    /// @param claimed everybody's fields, the applier's new ones among them
    /// @param last what the applier owned before
    static ObjectNode of(
            FieldManagement management, ObjectNode merged, Map<Writer, Share> claimed, Optional<Share> last) {
        if (last.isEmpty() || last.get().fields().isEmpty()) {
            return merged;
        }
        var request = new Versioned(management.schema(), management.apiVersion(), merged);
        return management
                .at(request, last.get().apiVersion())
                .flatMap(whole -> new Pruning(management, whole)
                        .prune(claimed, last.get().fields())
                        .map(Versioned::document))
                .orElse(merged);
    }

    private Optional<Versioned> prune(Map<Writer, Share> claimed, FieldSet last) {
        var lastFields = last.withNamedFields(merged.typed());
        var pruned = withOwned(without(merged, lastFields), claimed);
        return management.at(pruned, merged.version()).flatMap(p -> {
            var gone = fields(merged).difference(fields(p)).intersection(lastFields);
            return management.at(without(merged, gone), management.apiVersion());
        });
    }

    /// Puts back what others, or the new configuration, own: version by version, the present one first.
    private Versioned withOwned(Versioned pruned, Map<Writer, Share> claimed) {
        var owned = new LinkedHashMap<String, FieldSet>();
        owned.put(merged.version(), FieldSet.EMPTY);
        claimed.values().forEach(share -> owned.merge(share.apiVersion(), share.fields(), FieldSet::union));
        var result = pruned;
        for (var entry : owned.entrySet()) {
            var whole = management.at(merged, entry.getKey());
            var rest = management.at(result, entry.getKey());
            if (whole.isPresent() && rest.isPresent()) {
                var kept = fields(rest.get())
                        .union(entry.getValue().withNamedFields(whole.get().typed()));
                result = without(whole.get(), fields(whole.get()).difference(kept));
            }
        }
        return result;
    }

    private static FieldSet fields(Versioned object) {
        return Fields.of(object.typed(), object.document()).withNamedFields(object.typed());
    }

    private static Versioned without(Versioned object, FieldSet unwanted) {
        JsonNode rest = Merge.without(object.typed(), object.document(), unwanted);
        return new Versioned(
                object.schema(), object.version(), rest instanceof ObjectNode left ? left : Documents.object());
    }
}
