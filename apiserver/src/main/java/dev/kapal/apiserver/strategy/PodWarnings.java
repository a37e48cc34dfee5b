package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import dev.kapal.model.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What people should know of a pod or a template although it is accepted: what is on its way out, what does something
/// else than it seems to. Pure.
public final class PodWarnings {
    private static final Map<String, String> OLD_NODE_LABELS = Map.of(
            "beta.kubernetes.io/arch",
            "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
            "beta.kubernetes.io/os",
            "deprecated since v1.14; use \"kubernetes.io/os\" instead",
            "failure-domain.beta.kubernetes.io/region",
            "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
            "failure-domain.beta.kubernetes.io/zone",
            "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
            "beta.kubernetes.io/instance-type",
            "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead");
    private static final Map<String, String> OLD_VOLUMES = Map.of(
            "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+",
            "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+",
            "scaleIO", "deprecated in v1.16, non-functional in v1.22+",
            "flocker", "deprecated in v1.22, non-functional in v1.25+",
            "storageos", "deprecated in v1.22, non-functional in v1.25+",
            "quobyte", "deprecated in v1.22, non-functional in v1.25+",
            "glusterfs", "deprecated in v1.25, non-functional in v1.26+",
            "cephfs", "deprecated in v1.28, non-functional in v1.31+",
            "rbd", "deprecated in v1.28, non-functional in v1.31+");

    private final List<String> warnings = new ArrayList<>();

    private PodWarnings() {}

    /// @param path of the template
    public static List<String> ofTemplate(String path, JsonNode template) {
        var all = new PodWarnings();
        all.spec(path + ".spec", template.path("spec"));
        return all.warnings;
    }

    static List<String> ofPod(JsonNode pod) {
        var all = new PodWarnings();
        var name = pod.path("metadata").path("name").asText("");
        var details = Names.dns1123Label(name);
        if (!details.isEmpty()) {
            all.warnings.add(
                    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS"
                            + " label is recommended: [" + String.join(" ", details) + "]");
        }
        all.spec("spec", pod.path("spec"));
        return all.warnings;
    }

    private void spec(String path, JsonNode spec) {
        spec.path("nodeSelector").fieldNames().forEachRemaining(key -> {
            if (OLD_NODE_LABELS.containsKey(key)) {
                warnings.add(path + ".nodeSelector[" + key + "]: " + OLD_NODE_LABELS.get(key));
            }
        });
        affinity(path, spec);
        spread(path, spec);
        aliases(path, spec.path("hostAliases"));
        secrets(path, spec.path("imagePullSecrets"));
        volumes(path, spec.path("volumes"));
        if (spec.path("terminationGracePeriodSeconds").asLong(0) < 0) {
            warnings.add(path + ".terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be"
                    + " treated as 1");
        }
        for (var list : List.of("initContainers", "containers")) {
            var containers = spec.path(list);
            for (int i = 0; i < containers.size(); i++) {
                container(Problems.at(path + "." + list, i), containers.get(i));
            }
        }
        ports(path, spec.path("containers"));
    }

    private void affinity(String path, JsonNode spec) {
        var required = spec.path("affinity")
                .path("nodeAffinity")
                .path("requiredDuringSchedulingIgnoredDuringExecution")
                .path("nodeSelectorTerms");
        for (int i = 0; i < required.size(); i++) {
            var expressions = required.get(i).path("matchExpressions");
            for (int j = 0; j < expressions.size(); j++) {
                var key = expressions.get(j).path("key").asText("");
                if (OLD_NODE_LABELS.containsKey(key)) {
                    warnings.add(path
                            + ".affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms["
                            + i + "].matchExpressions[" + j + "].key: " + key + " is " + OLD_NODE_LABELS.get(key));
                }
            }
        }
    }

    private void spread(String path, JsonNode spec) {
        var constraints = spec.path("topologySpreadConstraints");
        for (int i = 0; i < constraints.size(); i++) {
            var key = constraints.get(i).path("topologyKey").asText("");
            if (OLD_NODE_LABELS.containsKey(key)) {
                warnings.add(path + ".topologySpreadConstraints[" + i + "].topologyKey: " + key + " is "
                        + OLD_NODE_LABELS.get(key));
            }
        }
    }

    private void aliases(String path, JsonNode aliases) {
        var seen = new HashMap<String, Integer>();
        for (int i = 0; i < aliases.size(); i++) {
            var address = aliases.get(i).path("ip").asText("");
            var before = seen.putIfAbsent(address, i);
            if (before != null) {
                warnings.add(path + ".hostAliases[" + i + "].ip: duplicate ip with " + path + ".hostAliases[" + before
                        + "].ip");
            }
        }
    }

    private void secrets(String path, JsonNode secrets) {
        var seen = new HashSet<String>();
        for (int i = 0; i < secrets.size(); i++) {
            var name = secrets.get(i).path("name").asText("");
            if (name.isEmpty()) {
                warnings.add(path + ".imagePullSecrets[" + i + "].name: invalid empty name \"\"");
            } else if (!seen.add(name)) {
                warnings.add(path + ".imagePullSecrets[" + i + "].name: duplicate name \"" + name + "\"");
            }
        }
    }

    private void volumes(String path, JsonNode volumes) {
        for (int i = 0; i < volumes.size(); i++) {
            for (var source : volumes.get(i).properties()) {
                if (OLD_VOLUMES.containsKey(source.getKey())) {
                    warnings.add(
                            path + ".volumes[" + i + "]." + source.getKey() + ": " + OLD_VOLUMES.get(source.getKey()));
                }
            }
        }
    }

    private void container(String path, JsonNode container) {
        for (var kind : List.of("limits", "requests")) {
            for (var amount : container.path("resources").path(kind).properties()) {
                if (Set.of("memory", "ephemeral-storage").contains(amount.getKey())
                        && isFractional(amount.getValue())) {
                    warnings.add(path + ".resources." + kind + "[" + amount.getKey() + "]: fractional byte value \""
                            + amount.getValue().asText() + "\" is invalid, must be an integer");
                }
            }
        }
        var seen = new HashSet<String>();
        var variables = container.path("env");
        for (int i = 0; i < variables.size(); i++) {
            var name = variables.get(i).path("name").asText("");
            if (!seen.add(name)) {
                warnings.add(path + ".env[" + i + "]: hides previous definition of \"" + name
                        + "\", which may be dropped when using apply");
            }
        }
    }

    private static boolean isFractional(JsonNode amount) {
        try {
            return Quantity.parse(amount.asText()).amount().stripTrailingZeros().scale() > 0;
        } catch (IllegalArgumentException refusedElsewhere) {
            return false;
        }
    }

    /// The same port twice within one container, or the same host port in two.
    private void ports(String path, JsonNode containers) {
        var onHost = new HashMap<String, String>();
        for (int i = 0; i < containers.size(); i++) {
            var ports = containers.get(i).path("ports");
            var own = new HashMap<String, String>();
            for (int j = 0; j < ports.size(); j++) {
                var at = Problems.at(Problems.at(path + ".containers", i) + ".ports", j);
                var port = ports.get(j);
                var host = port.path("hostPort").asInt(0);
                var protocol = port.path("protocol").asText("");
                var key = protocol + "/" + host + "/" + port.path("hostIP").asText("") + "/"
                        + port.path("containerPort").asInt(0);
                var twin = own.putIfAbsent(key, at);
                if (twin == null && host != 0) {
                    twin = onHost.putIfAbsent(
                            protocol + "/" + host + "/" + port.path("hostIP").asText(""), at);
                }
                if (twin != null) {
                    warnings.add(at + ": duplicate port definition with " + twin);
                }
            }
        }
    }
}
