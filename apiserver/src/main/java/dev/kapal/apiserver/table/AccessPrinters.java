package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;

/// Who may do what, and who is served before whom.
final class AccessPrinters {
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final String FLOW = "flowcontrol.apiserver.k8s.io";

    private AccessPrinters() {}

    static Map<GroupResource, Printer> all() {
        return Map.of(
                new GroupResource(RBAC, "roles"), AccessPrinters::role,
                new GroupResource(RBAC, "clusterroles"), AccessPrinters::role,
                new GroupResource(RBAC, "rolebindings"), AccessPrinters::binding,
                new GroupResource(RBAC, "clusterrolebindings"), AccessPrinters::binding,
                new GroupResource(FLOW, "prioritylevelconfigurations"), AccessPrinters::level);
    }

    private static void role(ObjectNode role, Instant now, ArrayNode cells) {
        cells.add(Cells.name(role))
                .add(role.path("metadata").path("creationTimestamp").asText(""));
    }

    private static void binding(ObjectNode binding, Instant now, ArrayNode cells) {
        var role = binding.path("roleRef");
        var subjects = binding.path("subjects");
        cells.add(Cells.name(binding))
                .add(role.path("kind").asText("") + "/" + role.path("name").asText(""))
                .add(Cells.age(binding, now))
                .add(subjects(subjects, "User"))
                .add(subjects(subjects, "Group"))
                .add(subjects(subjects, "ServiceAccount"));
    }

    private static String subjects(JsonNode subjects, String kind) {
        var names = new ArrayList<String>();
        for (var subject : subjects) {
            if (subject.path("kind").asText("").equals(kind)) {
                var name = subject.path("name").asText("");
                names.add(
                        kind.equals("ServiceAccount")
                                ? subject.path("namespace").asText("") + "/" + name
                                : name);
            }
        }
        return String.join(", ", names);
    }

    private static void level(ObjectNode level, Instant now, ArrayNode cells) {
        var spec = level.path("spec");
        var limited = spec.path("limited");
        var queuing = limited.path("limitResponse").path("queuing");
        cells.add(Cells.name(level)).add(spec.path("type").asText(""));
        number(limited, "nominalConcurrencyShares", cells);
        number(queuing, "queues", cells);
        number(queuing, "handSize", cells);
        number(queuing, "queueLengthLimit", cells);
        cells.add(Cells.age(level, now));
    }

    private static void number(JsonNode owner, String field, ArrayNode cells) {
        if (owner.isObject()) {
            cells.add(owner.path(field).asLong());
        } else {
            cells.add(Cells.NONE);
        }
    }
}
