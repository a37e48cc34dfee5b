package dev.kapal.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A set of fields of a document: a tree whose edges are path elements as `fieldsV1` writes them (`f:spec`,
/// `k:{"name":"web"}`, `v:"finalizer"`) and whose nodes say whether the path that leads to them belongs to the set.
/// Frozen once built; every operation makes a new one and may share parts. Any thread.
///
/// Source: API conventions, `FieldsV1`; structured-merge-diff's sets.
public final class FieldSet {
    public static final FieldSet EMPTY = new FieldSet(false);
    /// Nothing but the path that leads here.
    static final FieldSet LEAF = new FieldSet(true);
    private static final String SELF = ".";

    private boolean member;
    /// Made when the first child comes: most nodes are leaves.
    private SortedMap<String, FieldSet> children = Collections.emptySortedMap();

    private FieldSet(boolean member) {
        this.member = member;
    }

    /// A set to be built.
    static FieldSet open() {
        return new FieldSet(false);
    }

    /// The set of these paths, each a list of field names: `metadata.labels`.
    public static FieldSet of(String... paths) {
        var set = open();
        for (var path : paths) {
            var node = set;
            for (var name : path.split("\\.")) {
                node = node.room().computeIfAbsent(PathElement.field(name), e -> open());
            }
            node.member = true;
        }
        return set;
    }

    // ---- building

    /// Takes a part over unless it is empty.
    void put(String element, FieldSet part) {
        if (!part.isEmpty()) {
            room().put(element, part);
        }
    }

    private SortedMap<String, FieldSet> room() {
        if (children.isEmpty()) {
            children = new TreeMap<>();
        }
        return children;
    }

    void insert() {
        member = true;
    }

    // ---- asking

    public boolean isEmpty() {
        return !member && children.isEmpty();
    }

    boolean isMember() {
        return member;
    }

    /// What the set says of the part below `element`; empty when nothing.
    FieldSet below(String element) {
        return children.getOrDefault(element, EMPTY);
    }

    /// Every path of the set as messages show it: `.spec.containers[name="web"].image`.
    public List<String> paths() {
        var paths = new ArrayList<String>();
        visit("", paths::add);
        return paths;
    }

    private void visit(String path, Consumer<String> visitor) {
        if (member) {
            visitor.accept(path);
        }
        children.forEach((element, part) -> part.visit(path + PathElement.shown(element), visitor));
    }

    // ---- the algebra

    public FieldSet union(FieldSet other) {
        if (isEmpty() || this == other) {
            return other;
        }
        if (other.isEmpty()) {
            return this;
        }
        var result = new FieldSet(member || other.member);
        var merged = result.room();
        merged.putAll(children);
        other.children.forEach((element, part) -> merged.merge(element, part, FieldSet::union));
        return result;
    }

    public FieldSet intersection(FieldSet other) {
        var result = new FieldSet(member && other.member);
        if (!other.children.isEmpty()) {
            children.forEach((element, part) -> result.put(element, part.intersection(other.below(element))));
        }
        return result;
    }

    /// This set without the paths of the other; what lies below such a path stays.
    public FieldSet difference(FieldSet other) {
        if (other.isEmpty()) {
            return this;
        }
        var result = new FieldSet(member && !other.member);
        children.forEach((element, part) -> result.put(element, part.difference(other.below(element))));
        return result;
    }

    /// This set without the paths of the other and without all that lies below them.
    public FieldSet recursiveDifference(FieldSet other) {
        if (other.isEmpty()) {
            return this;
        }
        if (other.member) {
            return EMPTY;
        }
        var result = new FieldSet(member);
        children.forEach((element, part) -> result.put(element, part.recursiveDifference(other.below(element))));
        return result;
    }

    /// This set with every declared field added that has members below it, so that a structure goes with its last
    /// field.
    FieldSet withNamedFields(TypedSchema schema) {
        var result = new FieldSet(member);
        children.forEach((element, part) -> {
            var named = part.withNamedFields(schema.below(element));
            boolean missing = !named.member && schema.declares(element);
            result.put(element, missing ? named.union(LEAF) : named);
        });
        return result;
    }

    // ---- the wire

    /// Reads `fieldsV1`. Throws [IllegalArgumentException] for what is none.
    public static FieldSet read(JsonNode fields) {
        var set = open();
        set.readChildren(fields);
        return set;
    }

    private void readChildren(JsonNode fields) {
        for (Map.Entry<String, JsonNode> entry : fields.properties()) {
            if (entry.getKey().equals(SELF)) {
                member = true;
                continue;
            }
            if (!entry.getValue().isObject()) {
                throw new IllegalArgumentException("fields must be objects");
            }
            room().put(PathElement.canonical(entry.getKey()), readChild(entry.getValue()));
        }
    }

    private static FieldSet readChild(JsonNode fields) {
        if (fields.isEmpty()) {
            return LEAF;
        }
        var part = open();
        part.readChildren(fields);
        return part;
    }

    /// As `fieldsV1`.
    public ObjectNode json() {
        var fields = Documents.object();
        if (member) {
            fields.putObject(SELF);
        }
        children.forEach((element, part) -> fields.set(element, part.asChild()));
        return fields;
    }

    private ObjectNode asChild() {
        return children.isEmpty() ? Documents.object() : json();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set && member == set.member && children.equals(set.children);
    }

    @Override
    public int hashCode() {
        return 31 * children.hashCode() + Boolean.hashCode(member);
    }

    @Override
    public String toString() {
        return Documents.text(json());
    }

    /// The set of all fields of a document that only says something of the types in `schema`.
    public static FieldSet of(Schema schema, JsonNode document) {
        return Fields.of(TypedSchema.of(schema), document);
    }
}
