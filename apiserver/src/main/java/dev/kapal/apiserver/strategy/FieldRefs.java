package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a pod may ask about itself, in variables and in files. Source: core/v1 API reference, ObjectFieldSelector and
/// ResourceFieldSelector.
final class FieldRefs {
    private static final Set<String> KNOWN = Set.of(
            "metadata.annotations",
            "metadata.labels",
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.host",
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.phase",
            "status.podIP",
            "status.podIPs");
    private static final List<String> RESOURCES = List.of(
            "limits.cpu",
            "limits.ephemeral-storage",
            "limits.memory",
            "requests.cpu",
            "requests.ephemeral-storage",
            "requests.memory");
    private static final Set<String> CPU_DIVISORS = Set.of("1m", "1");
    private static final Set<String> BYTE_DIVISORS =
            Set.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");

    private FieldRefs() {}

    /// @param supported the paths that can be asked for there, in order
    static void checkField(String path, JsonNode ref, List<String> supported, Problems problems) {
        var version = ref.path("apiVersion").asText("");
        var field = ref.path("fieldPath").asText("");
        if (version.isEmpty()) {
            problems.required(path + ".apiVersion", "");
            return;
        }
        if (field.isEmpty()) {
            problems.required(path + ".fieldPath", "");
            return;
        }
        int bracket = field.endsWith("']") ? field.indexOf("['") : -1;
        var name = bracket > 0 ? field.substring(0, bracket) : field;
        var error = conversionError(version, field, name, bracket > 0);
        if (error.isPresent()) {
            problems.invalid(path + ".fieldPath", field, "error converting fieldPath: " + error.get());
        } else if (bracket > 0) {
            var key = field.substring(bracket + 2, field.length() - 2);
            boolean folded = name.equals("metadata.annotations");
            var checked = folded ? key.toLowerCase(Locale.ROOT) : key;
            problems.invalid(path, checked, Names.qualifiedName(checked));
        } else if (!supported.contains(name)) {
            problems.notSupported(path + ".fieldPath", name, supported);
        }
    }

    private static Optional<String> conversionError(String version, String field, String name, boolean subscript) {
        if (!version.equals("v1")) {
            return Optional.of("unsupported pod version: " + version);
        }
        if (subscript && !name.equals("metadata.annotations") && !name.equals("metadata.labels")) {
            return Optional.of("field label does not support subscript: " + field);
        }
        return subscript || KNOWN.contains(name)
                ? Optional.empty()
                : Optional.of("field label not supported: " + field);
    }

    /// @param file whether a file asks, which must say of which container
    static void checkResource(String path, JsonNode ref, boolean file, Problems problems) {
        var resource = ref.path("resource").asText("");
        if (file && ref.path("containerName").asText("").isEmpty()) {
            problems.required(path + ".containerName", "");
        } else if (resource.isEmpty()) {
            problems.required(path + ".resource", "");
        } else if (!RESOURCES.contains(resource) && !isHugePages(resource)) {
            problems.notSupported(path + ".resource", resource, RESOURCES);
        }
        checkDivisor(path + ".divisor", resource, ref.path("divisor"), problems);
    }

    private static boolean isHugePages(String resource) {
        return resource.startsWith("limits.hugepages-") || resource.startsWith("requests.hugepages-");
    }

    private static void checkDivisor(String path, String resource, JsonNode value, Problems problems) {
        var divisor = ResourceRules.amount(value).filter(d -> d.amount().signum() != 0);
        if (divisor.isEmpty()) {
            return;
        }
        var text = divisor.get().toString();
        var what = switch (resource) {
            case "limits.memory", "requests.memory" -> "memory";
            case "limits.ephemeral-storage", "requests.ephemeral-storage" -> "local ephemeral storage";
            default -> "hugepages";
        };
        if (resource.endsWith(".cpu")) {
            if (!CPU_DIVISORS.contains(text)) {
                problems.invalid(path, resource, "only divisor's values 1m and 1 are supported with the cpu resource");
            }
        } else if ((RESOURCES.contains(resource) || isHugePages(resource)) && !BYTE_DIVISORS.contains(text)) {
            problems.invalid(
                    path,
                    resource,
                    "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with"
                            + " the " + what + " resource");
        }
    }
}
