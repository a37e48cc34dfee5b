package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.base.time.Time;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.apply.FieldManagement;
import dev.kapal.model.apply.FieldManagement.Versioned;
import dev.kapal.model.apply.FieldSet;
import dev.kapal.model.apply.Ownership;
import dev.kapal.model.apply.Writer;
import dev.kapal.model.codec.Times;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Keeps `metadata.managedFields` of the objects of one resource in one version. Fields are told apart in the version
/// of
/// the request, before plugins and the kind's rules add to what was asked for. Any thread.
final class FieldOwners {
    private static final String ENTRIES = "managedFields";
    private static final Set<String> NO_PART_OF_STATUS = Set.of("status", "metadata", "apiVersion", "kind");

    private final Resource resource;
    private final ResourceRegistry registry;
    private final Time time;
    private final Map<String, FieldManagement> managements = new ConcurrentHashMap<>();

    FieldOwners(Resource resource, ResourceRegistry registry, Time time) {
        this.resource = resource;
        this.registry = registry;
        this.time = time;
    }

    /// Says in a new object who owns its fields.
    void created(ObjectNode incoming, Write write) {
        if (write.manager().isEmpty()) {
            return;
        }
        var given = Meta.of(incoming).node().remove(ENTRIES);
        var management = management("");
        var owners = management.created(
                served(incoming),
                given == null || isReset(given)
                        ? Ownership.NOBODY
                        : Ownership.read(given).orElse(Ownership.NOBODY),
                writer(write, management),
                now());
        put(incoming, owners);
    }

    /// Says in an object who owns its fields after the update that made it out of `stored`.
    void updated(ObjectNode incoming, ObjectNode stored, Write write) {
        if (write.manager().isEmpty()) {
            return;
        }
        var given = Meta.of(incoming).node().remove(ENTRIES);
        var held = Meta.of(stored).node().get(ENTRIES);
        var before = before(given, held, write.subresource());
        if (before.isEmpty()) {
            return;
        }
        var management = management(write.subresource());
        var after = management.updated(served(stored), served(incoming), before, writer(write, management), now());
        if (after == before && held != null && (given == null || given.equals(held))) {
            Meta.of(incoming).node().set(ENTRIES, held);
        } else {
            put(incoming, after);
        }
    }

    /// A client that knows of owners may change them; one that does not shall not lose them.
    private static Ownership before(JsonNode given, JsonNode held, String subresource) {
        if (given != null && subresource.isEmpty()) {
            if (isReset(given)) {
                return Ownership.NOBODY;
            }
            var owners = Ownership.read(given).filter(o -> !o.isEmpty());
            if (owners.isPresent()) {
                return owners.get();
            }
        }
        return held == null ? Ownership.NOBODY : Ownership.read(held).orElse(Ownership.NOBODY);
    }

    /// One entry that says nothing.
    private static boolean isReset(JsonNode entries) {
        return entries.size() == 1
                && entries.get(0).isObject()
                && entries.get(0).isEmpty();
    }

    /// Takes back what only says that somebody wrote the same again.
    static void keepTimes(ObjectNode incoming, ObjectNode stored) {
        var meta = Meta.of(incoming).node();
        var held = Meta.of(stored).node().get(ENTRIES);
        var next = meta.get(ENTRIES);
        if (next == null || held == null || next.equals(held)) {
            return;
        }
        meta.set(ENTRIES, held);
        if (!incoming.equals(stored) || !Ownership.sameButForTimes(next, held)) {
            meta.set(ENTRIES, next);
        }
    }

    static void put(ObjectNode document, Ownership owners) {
        var meta = Meta.of(document).node();
        if (owners.isEmpty()) {
            meta.remove(ENTRIES);
        } else {
            meta.set(ENTRIES, owners.json());
        }
    }

    static Ownership of(ObjectNode document) {
        return Ownership.read(Meta.of(document).node().path(ENTRIES)).orElse(Ownership.NOBODY);
    }

    String now() {
        return Times.seconds(time.instant());
    }

    private static Writer writer(Write write, FieldManagement management) {
        return Writer.updating(write.manager(), management.apiVersion(), write.subresource());
    }

    /// The document as the client that writes sees it; not to be changed.
    private ObjectNode served(ObjectNode document) {
        return resource.served() == resource.definition()
                ? document
                : resource.forms().toServed(document.deepCopy());
    }

    FieldManagement management(String subresource) {
        return managements.computeIfAbsent(
                subresource,
                s -> new FieldManagement(
                        resource.served().schema(),
                        resource.served().groupVersion().apiVersion(),
                        reset(s),
                        this::convert));
    }

    /// The fields that a write takes back from the client.
    private FieldSet reset(String subresource) {
        if (!resource.served().hasStatus()) {
            return FieldSet.EMPTY;
        }
        if (subresource.equals("status")) {
            var fields = resource.served().schema().properties().keySet().stream()
                    .filter(field -> !NO_PART_OF_STATUS.contains(field));
            var metadata = resource.strategy().keptByStatus().stream().map(field -> "metadata." + field);
            return FieldSet.of(Stream.concat(fields, metadata).toArray(String[]::new));
        }
        return FieldSet.of("status");
    }

    private Optional<Versioned> convert(Versioned object, String version) {
        var to = GroupVersion.parse(version);
        return registry.find(to.resource(resource.served().plural()))
                .filter(definition -> definition.kind().equals(resource.served().kind()))
                .map(definition -> new Versioned(
                        definition.schema(),
                        version,
                        definition
                                .conversion()
                                .convert(List.of(object.document().deepCopy()), to)
                                .getFirst()));
    }
}
