package dev.kapal.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who owns which fields of one object: `metadata.managedFields`. Immutable.
///
/// @param shares in no particular order
public record Ownership(Map<Writer, Share> shares) {
    public static final Ownership NOBODY = new Ownership(Map.of());

    private static final Comparator<JsonNode> ORDER = Comparator.<JsonNode, String>comparing(e -> text(e, "operation"))
            .thenComparing(e -> text(e, "time"))
            .thenComparing(e -> text(e, "manager"))
            .thenComparing(e -> text(e, "apiVersion"))
            .thenComparing(e -> text(e, "subresource"));

    /// What one writer owns.
    ///
    /// @param apiVersion that the fields are of
    /// @param time of the last write that changed something, as documents carry it; empty when unknown
    public record Share(FieldSet fields, String apiVersion, String time) {
        Share without(FieldSet others) {
            return new Share(fields.difference(others), apiVersion, time);
        }
    }

    public boolean isEmpty() {
        return shares.isEmpty();
    }

    /// The writers with these changes made.
    Ownership with(Writer writer, Share share) {
        var next = copy();
        if (share.fields().isEmpty()) {
            next.remove(writer);
        } else {
            next.put(writer, share);
        }
        return new Ownership(next);
    }

    Map<Writer, Share> copy() {
        return new LinkedHashMap<>(shares);
    }

    // ---- the wire

    /// Reads `managedFields`; empty when an entry is malformed.
    public static Optional<Ownership> read(JsonNode entries) {
        var shares = new LinkedHashMap<Writer, Share>();
        for (var entry : entries) {
            boolean applied = text(entry, "operation").equals("Apply");
            var apiVersion = text(entry, "apiVersion");
            boolean sound = (applied || text(entry, "operation").equals("Update"))
                    && !apiVersion.isEmpty()
                    && text(entry, "fieldsType").equals("FieldsV1");
            if (!sound) {
                return Optional.empty();
            }
            try {
                var writer = new Writer(
                        text(entry, "manager"), applied, applied ? "" : apiVersion, text(entry, "subresource"));
                shares.put(writer, new Share(FieldSet.read(entry.path("fieldsV1")), apiVersion, text(entry, "time")));
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }
        return Optional.of(new Ownership(shares));
    }

    /// As `managedFields`, in upstream's order.
    public ArrayNode json() {
        List<ObjectNode> entries = new ArrayList<>(shares.size());
        shares.forEach((writer, share) -> entries.add(entry(writer, share)));
        entries.sort(ORDER);
        return JsonNodeFactory.instance.arrayNode().addAll(entries);
    }

    private static ObjectNode entry(Writer writer, Share share) {
        var entry = JsonNodeFactory.instance.objectNode();
        putUnlessEmpty(entry, "manager", writer.manager());
        entry.put("operation", writer.operation());
        entry.put("apiVersion", share.apiVersion());
        putUnlessEmpty(entry, "time", share.time());
        entry.put("fieldsType", "FieldsV1");
        entry.set("fieldsV1", share.fields().json());
        putUnlessEmpty(entry, "subresource", writer.subresource());
        return entry;
    }

    /// Whether two lists of entries differ in their times at most.
    public static boolean sameButForTimes(JsonNode one, JsonNode other) {
        return one.size() == other.size()
                && Ownership.read(one)
                        .map(Ownership::timeless)
                        .equals(Ownership.read(other).map(Ownership::timeless));
    }

    private Ownership timeless() {
        var timeless = new LinkedHashMap<Writer, Share>();
        shares.forEach((writer, share) -> timeless.put(writer, new Share(share.fields(), share.apiVersion(), "")));
        return new Ownership(timeless);
    }

    private static void putUnlessEmpty(ObjectNode entry, String field, String value) {
        if (!value.isEmpty()) {
            entry.put(field, value);
        }
    }

    private static String text(JsonNode entry, String field) {
        return entry.path(field).asText("");
    }
}
