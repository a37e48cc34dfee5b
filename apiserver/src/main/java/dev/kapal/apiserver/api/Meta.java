package dev.kapal.apiserver.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The `metadata` of a document, read and written in place. Not thread-safe, like the document itself.
///
/// @param node the metadata object
public record Meta(ObjectNode node) {
    public static final String FOREGROUND = "foregroundDeletion";
    public static final String ORPHAN = "orphan";

    /// The metadata of `document`, made if it is not there.
    public static Meta of(ObjectNode document) {
        return new Meta(
                document.get("metadata") instanceof ObjectNode metadata ? metadata : document.putObject("metadata"));
    }

    public String name() {
        return text("name");
    }

    public String generateName() {
        return text("generateName");
    }

    public String namespace() {
        return text("namespace");
    }

    public String uid() {
        return text("uid");
    }

    /// Empty when the client gave none.
    public String resourceVersion() {
        return text("resourceVersion");
    }

    public long generation() {
        return node.path("generation").asLong(0);
    }

    public boolean isDeleting() {
        return node.has("deletionTimestamp");
    }

    public Optional<Instant> deletionTimestamp() {
        return instant("deletionTimestamp");
    }

    public Optional<Instant> creationTimestamp() {
        return instant("creationTimestamp");
    }

    public OptionalLong deletionGracePeriodSeconds() {
        var seconds = node.get("deletionGracePeriodSeconds");
        return seconds == null ? OptionalLong.empty() : OptionalLong.of(seconds.asLong());
    }

    public List<String> finalizers() {
        var finalizers = new ArrayList<String>();
        node.path("finalizers").forEach(f -> finalizers.add(f.asText()));
        return finalizers;
    }

    public void finalizers(List<String> finalizers) {
        if (finalizers.isEmpty()) {
            node.remove("finalizers");
            return;
        }
        var array = node.putArray("finalizers");
        finalizers.forEach(array::add);
    }

    public JsonNode labels() {
        return node.path("labels");
    }

    public JsonNode annotations() {
        return node.path("annotations");
    }

    public String annotation(String key) {
        return annotations().path(key).asText("");
    }

    public void put(String field, String value) {
        node.put(field, value);
    }

    /// As decoding would make it, so that equal documents compare equal.
    public void put(String field, long value) {
        if (value == (int) value) {
            node.put(field, (int) value);
        } else {
            node.put(field, value);
        }
    }

    public void put(String field, Instant value) {
        node.put(field, time(value));
    }

    /// Takes `field` over from `other`, its absence included.
    public void copy(String field, Meta other) {
        var value = other.node.get(field);
        if (value == null) {
            node.remove(field);
        } else {
            node.set(field, value);
        }
    }

    /// Takes `field` over from `other` unless this one has it.
    public void copyIfAbsent(String field, Meta other) {
        if (!node.has(field)) {
            copy(field, other);
        }
    }

    public void remove(String field) {
        node.remove(field);
    }

    /// As documents carry times: whole seconds in UTC.
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private Optional<Instant> instant(String field) {
        var value = text(field);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(value));
        } catch (DateTimeParseException malformed) {
            return Optional.empty(); // decoding has refused it already; an old document must stay readable
        }
    }

    private String text(String field) {
        return node.path(field).asText("");
    }
}
