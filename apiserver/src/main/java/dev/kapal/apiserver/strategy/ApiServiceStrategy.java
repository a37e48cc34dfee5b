package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// APIServices: named after their group and version, served here or by a service. Source: apiregistration/v1 API
/// reference.
final class ApiServiceStrategy implements Strategy {
    private static final List<String> STATUSES = List.of("True", "False", "Unknown");
    private static final int MOST_GROUP_PRIORITY = 20_000;
    private static final int MOST_VERSION_PRIORITY = 1_000;

    @Override
    public List<String> nameProblems(String name) {
        return Names.pathSegment(name); // that of the core group ends with a dot
    }

    @Override
    public void check(ObjectNode object, Optional<ObjectNode> stored, Problems problems) {
        var spec = object.path("spec");
        String group = spec.path("group").asText("");
        String version = spec.path("version").asText("");
        String name = object.path("metadata").path("name").asText();
        if (!name.equals(version + "." + group)) {
            problems.invalid(
                    "metadata.name",
                    name,
                    "must be `spec.version+\".\"+spec.group`: \"" + version + "." + group + "\"");
        }
        if (group.isEmpty()) {
            if (!version.equals("v1")) {
                problems.required("spec.group", "only v1 may have an empty group and it better be legacy kube");
            }
        } else {
            problems.invalid("spec.group", group, Names.dns1123Subdomain(group));
        }
        problems.invalid("spec.version", version, Names.dns1035Label(version));
        priority(
                spec.path("groupPriorityMinimum").asLong(), "spec.groupPriorityMinimum", MOST_GROUP_PRIORITY, problems);
        priority(spec.path("versionPriority").asLong(), "spec.versionPriority", MOST_VERSION_PRIORITY, problems);
        if (spec.path("service").isObject()) {
            remote(spec, problems);
        } else {
            local(spec, problems);
        }
    }

    @Override
    public Set<String> keptByStatus() {
        return METADATA;
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var conditions = candidate.path("status").path("conditions");
        for (int i = 0; i < conditions.size(); i++) {
            var status = conditions.get(i).path("status").asText("");
            if (!STATUSES.contains(status)) {
                problems.notSupported(Problems.at("status.conditions", i) + ".status", status, STATUSES);
            }
        }
    }

    private static void priority(long value, String path, int most, Problems problems) {
        if (value <= 0 || value > most) {
            problems.invalid(path, value, "must be positive and less than " + most);
        }
    }

    private static void local(JsonNode spec, Problems problems) {
        String caBundle = spec.path("caBundle").asText("");
        if (!caBundle.isEmpty()) {
            int bytes = caBundle.replace("=", "").length() * 3 / 4;
            problems.invalid("spec.caBundle", bytes + " bytes", "local APIServices may not have a caBundle");
        }
        if (spec.path("insecureSkipTLSVerify").asBoolean()) {
            problems.invalid(
                    "spec.insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify");
        }
    }

    private static void remote(JsonNode spec, Problems problems) {
        var service = spec.path("service");
        if (service.path("namespace").asText("").isEmpty()) {
            problems.required("spec.service.namespace", "");
        }
        if (service.path("name").asText("").isEmpty()) {
            problems.required("spec.service.name", "");
        }
        int port = service.path("port").asInt(443);
        if (port < 1 || port > 65_535) {
            problems.invalid("spec.service.port", port, "port is not valid: must be between 1 and 65535, inclusive");
        }
        if (spec.path("insecureSkipTLSVerify").asBoolean()
                && !spec.path("caBundle").asText("").isEmpty()) {
            problems.invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present");
        }
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
