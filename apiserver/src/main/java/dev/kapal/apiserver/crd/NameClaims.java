package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which names of a definition are free in its group, and what its status says of that. Pure. Source: apiextensions,
/// naming.
final class NameClaims {
    private final Set<String> resources = new HashSet<>();
    private final Set<String> kinds = new HashSet<>();

    /// @param others the other definitions of the group
    NameClaims(Collection<Crd> others) {
        for (var other : others) {
            var names = other.acceptedNames();
            add(resources, names.path("plural"));
            add(resources, names.path("singular"));
            names.path("shortNames").forEach(name -> add(resources, name));
            add(kinds, names.path("kind"));
            add(kinds, names.path("listKind"));
        }
    }

    private static void add(Set<String> names, JsonNode name) {
        if (!name.asText("").isEmpty()) {
            names.add(name.asText());
        }
    }

    /// Brings the accepted names and the two conditions about them up to date.
    ///
    /// @param crd changed in place
    void settle(ObjectNode crd, String now) {
        var wanted = new Crd(crd).names();
        var accepted = crd.withObject("/status").withObject("/acceptedNames");
        var conflict = new String[] {"", ""};
        take(wanted, accepted, "plural", resources, "PluralConflict", conflict);
        take(wanted, accepted, "singular", resources, "SingularConflict", conflict);
        shortNames(wanted, accepted, conflict);
        take(wanted, accepted, "kind", kinds, "KindConflict", conflict);
        take(wanted, accepted, "listKind", kinds, "ListKindConflict", conflict);
        if (wanted.has("categories")) {
            accepted.set("categories", wanted.get("categories"));
        } else {
            accepted.remove("categories");
        }
        boolean free = conflict[0].isEmpty();
        Crd.set(
                crd,
                Crd.NAMES_ACCEPTED,
                free,
                free ? "NoConflicts" : conflict[0],
                free ? "no conflicts found" : conflict[1],
                now);
        if (new Crd(crd).is(Crd.ESTABLISHED)) {
            return; // once is for good
        }
        Crd.set(
                crd,
                Crd.ESTABLISHED,
                free,
                free ? "InitialNamesAccepted" : "NotAccepted",
                free ? "the initial names have been accepted" : "not all names are accepted",
                now);
    }

    private static void take(
            JsonNode wanted, ObjectNode accepted, String field, Set<String> taken, String reason, String[] conflict) {
        var name = wanted.path(field).asText("");
        if (taken.contains(name)) {
            conflict[0] = reason;
            conflict[1] = "\"" + name + "\" is already in use";
        } else if (!name.isEmpty()) {
            accepted.put(field, name);
        }
    }

    private void shortNames(JsonNode wanted, ObjectNode accepted, String[] conflict) {
        List<String> errors = new ArrayList<>();
        for (var name : wanted.path("shortNames")) {
            if (resources.contains(name.asText())) {
                errors.add("\"" + name.asText() + "\" is already in use");
            }
        }
        if (!errors.isEmpty()) {
            conflict[0] = "ShortNamesConflict";
            conflict[1] = errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]";
        } else if (wanted.has("shortNames")) {
            accepted.set("shortNames", wanted.get("shortNames"));
        } else {
            accepted.remove("shortNames");
        }
    }
}
