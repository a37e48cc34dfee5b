package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.List;
import java.util.function.Function;

/// What a pod may ask for: the rules of a pod's specification, for pods and for templates.
public final class PodRules {
    private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
    private static final List<String> DNS_POLICIES =
            List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
    private static final List<String> PREEMPTION = List.of("PreemptLowerPriority", "Never");

    private PodRules() {}

    /// @param path of the template
    public static void checkTemplate(String path, JsonNode template, Problems problems) {
        var metadata = template.path("metadata");
        var annotations = metadata.path("annotations");
        LabelRules.checkLabels(path + ".labels", metadata.path("labels"), problems);
        LabelRules.checkAnnotations(path + ".annotations", annotations, problems);
        PodAnnotationRules.check(path + ".annotations", annotations, template.path("spec"), problems);
        checkSpec(path + ".spec", template.path("spec"), false, "", problems);
        ProfileAnnotations.checkSeccompMatches(path + ".spec", annotations, template.path("spec"), problems);
        if (!template.path("spec").path("ephemeralContainers").isEmpty()) {
            problems.forbidden(path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
        }
    }

    /// A pod, new or changed.
    static void checkPod(JsonNode pod, Problems problems) {
        var spec = pod.path("spec");
        var metadata = pod.path("metadata");
        PodAnnotationRules.check("metadata.annotations", metadata.path("annotations"), spec, problems);
        checkSpec("spec", spec, true, metadata.path("name").asText(""), problems);
        checkTokensHaveAccount(spec, problems);
        for (var list : List.of("containers", "initContainers")) {
            for (int i = 0; i < spec.path(list).size(); i++) {
                ContainerRules.checkImageText(
                        Problems.at("spec." + list, i), spec.path(list).get(i), problems);
            }
        }
    }

    private static void checkTokensHaveAccount(JsonNode spec, Problems problems) {
        if (!spec.path("serviceAccountName").asText("").isEmpty()) {
            return;
        }
        var volumes = spec.path("volumes");
        for (int i = 0; i < volumes.size(); i++) {
            var sources = volumes.get(i).path("projected").path("sources");
            for (int j = 0; j < sources.size(); j++) {
                if (sources.get(j).has("serviceAccountToken")) {
                    problems.forbidden(
                            Problems.at(Problems.at("spec.volumes", i) + ".projected.sources", j)
                                    + ".serviceAccountToken",
                            "must not be specified when serviceAccountName is not set");
                }
            }
        }
    }

    private static void checkSpec(String path, JsonNode spec, boolean isPod, String name, Problems problems) {
        var volumes = VolumeRules.check(path + ".volumes", spec.path("volumes"), name, problems);
        PodFieldRules.checkClaims(path + ".resourceClaims", spec.path("resourceClaims"), problems);
        ContainerLists.check(path, new PodContext(spec, volumes, isPod), problems);
        PodResourceRules.check(path, spec, problems);
        if (spec.path("hostNetwork").asBoolean()) {
            checkHostPorts(path + ".containers", spec.path("containers"), isPod, problems);
        }
        problems.oneOf(path + ".restartPolicy", spec.path("restartPolicy").asText(""), RESTART_POLICIES);
        problems.oneOf(path + ".dnsPolicy", spec.path("dnsPolicy").asText(""), DNS_POLICIES);
        LabelRules.checkLabels(path + ".nodeSelector", spec.path("nodeSelector"), problems);
        SecurityRules.checkPod(path, spec, problems);
        AffinityRules.check(path + ".affinity", spec.path("affinity"), problems);
        PodFieldRules.checkResolver(path + ".dnsConfig", spec, problems);
        PodFieldRules.checkGates(path, spec, problems);
        SpreadRules.check(path + ".topologySpreadConstraints", spec.path("topologySpreadConstraints"), problems);
        WindowsRules.checkHostProcesses(path, spec, problems);
        checkHostUsers(path, spec, problems);
        checkNames(path, spec, problems);
        checkTolerations(path + ".tolerations", spec.path("tolerations"), problems);
        PodFieldRules.checkAliases(path + ".hostAliases", spec.path("hostAliases"), problems);
        named(path + ".priorityClassName", spec.path("priorityClassName"), Names::dns1123Subdomain, problems);
        if (spec.has("runtimeClassName")) {
            var runtime = spec.get("runtimeClassName").asText();
            problems.invalid(path + ".runtimeClassName", runtime, Names.dns1123Subdomain(runtime));
        }
        if (spec.has("preemptionPolicy")) {
            problems.oneOf(
                    path + ".preemptionPolicy", spec.get("preemptionPolicy").asText(), PREEMPTION);
        }
        PodFieldRules.checkOverhead(path + ".overhead", spec, problems);
        SystemRules.check(path, spec, problems);
    }

    /// In the node's network a port is the node's; a template may leave that to the pods.
    private static void checkHostPorts(String path, JsonNode containers, boolean isPod, Problems problems) {
        for (int i = 0; i < containers.size(); i++) {
            var ports = containers.get(i).path("ports");
            for (int j = 0; j < ports.size(); j++) {
                int host = ports.get(j).path("hostPort").asInt(0);
                if ((isPod || host != 0)
                        && host != ports.get(j).path("containerPort").asInt(0)) {
                    problems.invalid(
                            Problems.at(Problems.at(path, i) + ".ports", j) + ".hostPort",
                            host,
                            "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }

    private static void checkHostUsers(String path, JsonNode spec, Problems problems) {
        if (spec.path("hostUsers").asBoolean(true)) {
            return;
        }
        for (var field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (spec.path(field).asBoolean(false)) {
                problems.forbidden(path + "." + field, "when `hostUsers` is false");
            }
        }
    }

    private static void checkNames(String path, JsonNode spec, Problems problems) {
        named(path + ".serviceAccountName", spec.path("serviceAccountName"), Names::dns1123Subdomain, problems);
        named(path + ".nodeName", spec.path("nodeName"), Names::dns1123Subdomain, problems);
        if (spec.has("activeDeadlineSeconds")) {
            long deadline = spec.get("activeDeadlineSeconds").asLong();
            if (deadline < 1 || deadline > Integer.MAX_VALUE) {
                problems.invalid(
                        path + ".activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive");
            }
        }
        named(path + ".hostname", spec.path("hostname"), Names::dns1123Label, problems);
        named(path + ".subdomain", spec.path("subdomain"), Names::dns1123Label, problems);
    }

    private static void named(String path, JsonNode value, Function<String, List<String>> format, Problems problems) {
        var text = value.asText("");
        if (!text.isEmpty()) {
            problems.invalid(path, text, format.apply(text));
        }
    }

    public static void checkTolerations(String path, JsonNode tolerations, Problems problems) {
        for (int i = 0; i < tolerations.size(); i++) {
            checkToleration(Problems.at(path, i), tolerations.get(i), problems);
        }
    }

    private static void checkToleration(String path, JsonNode toleration, Problems problems) {
        var key = toleration.path("key").asText("");
        var operator = toleration.path("operator").asText("");
        var value = toleration.path("value").asText("");
        var effect = toleration.path("effect").asText("");
        if (!key.isEmpty()) {
            problems.invalid(path + ".key", key, Names.qualifiedName(key));
        } else if (!operator.equals("Exists")) {
            problems.invalid(
                    path + ".operator",
                    operator,
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }
        if (toleration.has("tolerationSeconds") && !effect.equals("NoExecute")) {
            problems.invalid(path + ".effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }
        switch (operator) {
            case "", "Equal" -> problems.invalidTogether(path + ".operator", value, Names.labelValue(value));
            case "Exists" -> {
                if (!value.isEmpty()) {
                    problems.invalid(path + ".operator", value, "value must be empty when `operator` is 'Exists'");
                }
            }
            default -> problems.notSupported(path + ".operator", operator, List.of("Equal", "Exists"));
        }
        if (!effect.isEmpty() && !EFFECTS.contains(effect)) {
            problems.notSupported(path + ".effect", effect, EFFECTS);
        }
    }
}
