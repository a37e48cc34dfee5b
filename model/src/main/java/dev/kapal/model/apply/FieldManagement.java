package dev.kapal.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.apply.Ownership.Share;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a write does to the ownership of an object's fields, and what an apply does to the object. Documents are read
/// only; `managedFields` in them means nothing here. Immutable, any thread.
///
/// Source: "Server-Side Apply" in the Kubernetes documentation; structured-merge-diff.
///
/// @param schema of the kind in the version of the request
/// @param apiVersion of the request
/// @param reset fields that these writes cannot change: `status` for the object itself, all but that for `/status`
public record FieldManagement(Schema schema, String apiVersion, FieldSet reset, Versions versions) {
    /// How many updaters are told apart before the oldest become one.
    static final int MOST_UPDATERS = 10;

    private static final String ANCIENT = "ancient-changes";
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";
    private static final FieldSet NEVER_OWNED = FieldSet.of(
            "apiVersion",
            "kind",
            "metadata",
            "metadata.name",
            "metadata.namespace",
            "metadata.creationTimestamp",
            "metadata.selfLink",
            "metadata.uid",
            "metadata.clusterName",
            "metadata.generation",
            "metadata.managedFields",
            "metadata.resourceVersion");

    /// Converts objects for owners that wrote in another version.
    @FunctionalInterface
    public interface Versions {
        /// Knows the version of the request only.
        Versions NONE = (object, version) -> Optional.empty();

        /// Empty when the version is not served any more.
        Optional<Versioned> convert(Versioned object, String version);
    }

    /// A document and its type.
    public record Versioned(Schema schema, String version, ObjectNode document) {
        TypedSchema typed() {
            return TypedSchema.of(schema);
        }
    }

    /// What came of an apply.
    ///
    /// @param document the merged object; empty when it is as it was
    public record Applied(Optional<ObjectNode> document, Ownership ownership) {}

    /// What a client owns that creates `created`.
    public Ownership created(ObjectNode created, Ownership given, Writer writer, String time) {
        return written(Skeleton.of(schema), created, given, writer, time);
    }

    /// Who owns what after an update. An object that nobody owns any of is left so.
    public Ownership updated(ObjectNode live, ObjectNode next, Ownership before, Writer writer, String time) {
        return before.isEmpty() ? before : written(live, next, before, writer, time);
    }

    private Ownership written(ObjectNode live, ObjectNode next, Ownership before, Writer writer, String time) {
        var own = compare(live, next, apiVersion).orElseThrow();
        if (own.isSame()
                && before.shares().values().stream()
                        .allMatch(s -> s.apiVersion().equals(apiVersion))) {
            return before;
        }
        var shares = taken(live, next, before, Optional.of(own)).copy();
        var gained = own.changed().difference(NEVER_OWNED);
        if (!gained.isEmpty()) {
            var previous = shares.get(writer);
            var fields = previous == null ? gained : gained.union(previous.fields());
            shares.put(writer, new Share(fields, apiVersion, time));
        }
        return capped(shares);
    }

    /// Everybody without what the write changed or removed.
    private Ownership taken(ObjectNode live, ObjectNode next, Ownership before, Optional<Comparison> own) {
        var comparisons = new HashMap<String, Optional<Comparison>>();
        own.ifPresent(comparison -> comparisons.put(apiVersion, Optional.of(comparison)));
        var rest = before.copy();
        before.shares().forEach((writer, share) -> {
            var comparison = comparisons.computeIfAbsent(share.apiVersion(), v -> compare(live, next, v));
            var left = comparison
                    .map(c -> c.isSame() ? share : share.without(c.changed().union(c.removed())))
                    .filter(s -> !s.fields().isEmpty());
            if (left.isPresent()) {
                rest.put(writer, left.get());
            } else {
                rest.remove(writer);
            }
        });
        return new Ownership(rest);
    }

    /// Empty when the version is not served any more.
    private Optional<Comparison> compare(ObjectNode live, ObjectNode next, String version) {
        if (version.equals(apiVersion)) {
            return Optional.of(Comparison.of(TypedSchema.of(schema), live, next).without(reset));
        }
        var one = at(here(live), version);
        var other = at(here(next), version);
        return one.flatMap(o -> other.map(
                n -> Comparison.of(n.typed(), o.document(), n.document()).without(reset)));
    }

    private Versioned here(ObjectNode document) {
        return new Versioned(schema, apiVersion, document);
    }

    /// The oldest updaters become one per version until there are few enough.
    private static Ownership capped(Map<Writer, Share> shares) {
        var updaters = new ArrayList<>(
                shares.keySet().stream().filter(w -> !w.applied()).toList());
        if (updaters.size() <= MOST_UPDATERS) {
            return new Ownership(shares);
        }
        updaters.sort(Comparator.<Writer, String>comparing(w -> shares.get(w).time())
                .thenComparing(Comparator.naturalOrder()));
        var firsts = new HashMap<String, Writer>();
        int left = updaters.size();
        for (var updater : updaters) {
            if (left <= MOST_UPDATERS) {
                break;
            }
            var share = shares.get(updater);
            var first = firsts.putIfAbsent(share.apiVersion(), updater);
            if (first == null) {
                continue;
            }
            var bucket = Writer.updating(ANCIENT, share.apiVersion(), "");
            if (!shares.containsKey(bucket)) {
                shares.put(bucket, shares.remove(first));
            }
            var merged = share.fields().union(shares.get(bucket).fields());
            shares.remove(updater);
            shares.put(bucket, new Share(merged, share.apiVersion(), share.time()));
            left--;
        }
        return new Ownership(shares);
    }

    /// What is wrong with the types of a configuration, as upstream says it; empty when nothing.
    public static String problems(Schema schema, ObjectNode config) {
        var problems = ConfigCheck.problems(TypedSchema.of(schema), config);
        return problems.isEmpty() ? "" : ConfigCheck.text(problems);
    }

    /// `live` with everything that `config` says, whoever owns what. Nothing that is given is changed.
    public static ObjectNode merged(Schema schema, ObjectNode live, ObjectNode config) {
        return (ObjectNode) Merge.of(TypedSchema.of(schema), live, config);
    }

    /// Applies `config` to what is there. Throws [ApplyException].
    ///
    /// @param live empty when there is nothing yet
    /// @param name `namespace/name; group/version, Kind=Kind`, for messages
    public Applied apply(
            Optional<ObjectNode> live,
            ObjectNode config,
            Ownership owners,
            Writer writer,
            boolean force,
            String time,
            String name) {
        var typed = TypedSchema.of(schema);
        var problems = problems(schema, config);
        if (!problems.isEmpty()) {
            throw new ApplyException.Unfit("failed to create typed patch object (" + name + "): " + problems);
        }
        var before = live.orElseGet(Documents::object);
        var known = owners.isEmpty()
                ? created(before, owners, Writer.updating(BEFORE_FIRST_APPLY, apiVersion, ""), time)
                : owners;
        var last = Optional.ofNullable(known.shares().get(writer));
        var wanted = Fields.of(typed, config).recursiveDifference(reset);
        var claimed = known.copy();
        claimed.put(writer, new Share(wanted, apiVersion, last.map(Share::time).orElse("")));
        var merged = Pruning.of(this, (ObjectNode) Merge.of(typed, before, config), claimed, last);
        var others = known.with(writer, new Share(FieldSet.EMPTY, apiVersion, ""));
        if (!force) {
            refuseConflicts(before, merged, others);
        }
        var after = taken(before, merged, others, Optional.empty());
        boolean same = merged.equals(before);
        var share = new Share(
                wanted.difference(NEVER_OWNED),
                apiVersion,
                same ? last.map(Share::time).orElse("") : time);
        return new Applied(same ? Optional.empty() : Optional.of(merged.deepCopy()), after.with(writer, share));
    }

    private void refuseConflicts(ObjectNode before, ObjectNode merged, Ownership others) {
        var comparisons = new HashMap<String, Optional<Comparison>>();
        List<ApplyException.Conflict> conflicts = new ArrayList<>();
        others.shares().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(owner -> comparisons
                        .computeIfAbsent(owner.getValue().apiVersion(), v -> compare(before, merged, v))
                        .ifPresent(comparison ->
                                owner.getValue().fields().intersection(comparison.changed()).paths().stream()
                                        .sorted()
                                        .map(path -> new ApplyException.Conflict(owner.getKey(), path))
                                        .forEach(conflicts::add)));
        if (!conflicts.isEmpty()) {
            throw new ApplyException.Conflicted(conflicts);
        }
    }

    /// The object in another version.
    Optional<Versioned> at(Versioned object, String version) {
        return version.equals(object.version()) ? Optional.of(object) : versions.convert(object, version);
    }

    /// The fields of `live` that a configuration owned which lies in an annotation: those whose values are still its
    /// own.
    public FieldSet ownedByLastApplied(ObjectNode live, JsonNode lastApplied) {
        var typed = TypedSchema.of(schema);
        var comparison = Comparison.of(typed, lastApplied, live);
        return Fields.of(typed, lastApplied)
                .difference(comparison.modified())
                .difference(comparison.added())
                .difference(comparison.removed());
    }
}
