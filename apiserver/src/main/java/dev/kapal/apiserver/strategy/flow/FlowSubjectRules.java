package dev.kapal.apiserver.strategy.flow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Who a flow schema is about: of the three ways to say it, the one that the kind names.
final class FlowSubjectRules {
    /// In the order in which upstream complains of those that do not belong.
    private static final Map<String, String> FIELDS = fields();

    private FlowSubjectRules() {}

    private static Map<String, String> fields() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("ServiceAccount", "serviceAccount");
        fields.put("User", "user");
        fields.put("Group", "group");
        return fields;
    }

    static void check(String path, JsonNode subject, Problems problems) {
        var kind = subject.path("kind").asText("");
        var field = FIELDS.get(kind);
        if (field == null) {
            problems.notSupported(path + ".kind", kind, List.of("Group", "ServiceAccount", "User"));
            return;
        }
        if (subject.has(field)) {
            checkNamed(path + "." + field, field, subject.get(field), problems);
        } else {
            problems.required(path + "." + field, field + " is required when subject kind is '" + kind + "'");
        }
        FIELDS.forEach((otherKind, other) -> {
            if (!other.equals(field) && subject.has(other)) {
                problems.forbidden(
                        path + "." + other, other + " is forbidden when subject kind is not '" + otherKind + "'");
            }
        });
    }

    private static void checkNamed(String path, String field, JsonNode named, Problems problems) {
        var name = named.path("name").asText("");
        if (name.isEmpty()) {
            problems.required(path + ".name", "");
        }
        if (!field.equals("serviceAccount")) {
            return;
        }
        if (!name.isEmpty() && !name.equals("*")) {
            problems.invalid(path + ".name", name, Names.dns1123Subdomain(name));
        }
        var namespace = named.path("namespace").asText("");
        if (namespace.isEmpty()) {
            problems.required(path + ".namespace", "must specify namespace for service account");
        } else {
            problems.invalid(path + ".namespace", namespace, Names.dns1123Label(namespace));
        }
    }
}
