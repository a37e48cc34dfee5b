package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// What a pod may ask for: the rules of a pod's specification, for pods and for templates.
public final class PodRules {
    private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
    private static final List<String> DNS_POLICIES =
            List.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
    private static final List<String> PREEMPTION = List.of("Never", "PreemptLowerPriority");

    private PodRules() {}

    /// @param path of the template
    public static void checkTemplate(String path, JsonNode template, Problems problems) {
        var metadata = template.path("metadata");
        LabelRules.checkLabels(path + ".labels", metadata.path("labels"), problems);
        LabelRules.checkAnnotations(path + ".annotations", metadata.path("annotations"), problems);
        checkSpec(path + ".spec", template.path("spec"), problems);
        if (!template.path("spec").path("ephemeralContainers").isEmpty()) {
            problems.forbidden(path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
        }
    }

    static void checkSpec(String path, JsonNode spec, Problems problems) {
        var volumes = VolumeRules.check(path + ".volumes", spec.path("volumes"), problems);
        checkContainers(path, spec, volumes, problems);
        checkPolicies(path, spec, problems);
        checkNames(path, spec, problems);
        checkScheduling(path, spec, problems);
        SecurityRules.checkPod(path, spec, problems);
        PodFieldRules.check(path, spec, problems);
        for (var list : List.of("containers", "initContainers")) {
            PodFieldRules.checkHostPorts(path + "." + list, spec.path(list), problems);
        }
        if (spec.path("hostNetwork").asBoolean()) {
            checkHostPorts(path, spec, problems);
        }
    }

    private static void checkContainers(String path, JsonNode spec, Set<String> volumes, Problems problems) {
        if (spec.path("containers").isEmpty()) {
            problems.required(path + ".containers", "");
        }
        var names = new HashSet<String>();
        for (var list : List.of("containers", "initContainers")) {
            var containers = spec.path(list);
            for (int i = 0; i < containers.size(); i++) {
                var at = Problems.at(path + "." + list, i);
                var container = containers.get(i);
                var name = container.path("name").asText("");
                if (!name.isEmpty() && !names.add(name)) {
                    problems.duplicate(at + ".name", name);
                }
                ContainerRules.check(at, container, list.equals("initContainers"), volumes, problems);
                RequirementRules.check(at + ".resources", container.path("resources"), spec, problems);
                SecurityRules.checkContainer(at, container, spec, problems);
            }
        }
    }

    private static void checkPolicies(String path, JsonNode spec, Problems problems) {
        problems.oneOf(path + ".restartPolicy", spec.path("restartPolicy").asText(""), RESTART_POLICIES);
        problems.oneOf(path + ".dnsPolicy", spec.path("dnsPolicy").asText(""), DNS_POLICIES);
        if (spec.path("dnsPolicy").asText().equals("None")
                && spec.path("dnsConfig").path("nameservers").isEmpty()) {
            problems.required(
                    path + ".dnsConfig.nameservers",
                    "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }
        if (spec.has("activeDeadlineSeconds")) {
            long deadline = spec.get("activeDeadlineSeconds").asLong();
            if (deadline < 1 || deadline > Integer.MAX_VALUE) {
                problems.invalid(
                        path + ".activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive");
            }
        }
        if (spec.has("preemptionPolicy")) {
            problems.oneOf(
                    path + ".preemptionPolicy", spec.get("preemptionPolicy").asText(), PREEMPTION);
        }
    }

    static void checkId(String path, JsonNode id, Problems problems) {
        if (!id.isMissingNode() && (id.asLong() < 0 || id.asLong() > Integer.MAX_VALUE)) {
            problems.invalid(path, id.asLong(), "must be between 0 and 2147483647, inclusive");
        }
    }

    private static void checkNames(String path, JsonNode spec, Problems problems) {
        named(path + ".serviceAccountName", spec.path("serviceAccountName"), Names::dns1123Subdomain, problems);
        named(path + ".nodeName", spec.path("nodeName"), Names::dns1123Subdomain, problems);
        named(path + ".hostname", spec.path("hostname"), Names::dns1123Label, problems);
        named(path + ".subdomain", spec.path("subdomain"), Names::dns1123Label, problems);
        named(path + ".priorityClassName", spec.path("priorityClassName"), Names::dns1123Subdomain, problems);
        var secrets = spec.path("imagePullSecrets");
        for (int i = 0; i < secrets.size(); i++) {
            if (secrets.get(i).path("name").asText("").isEmpty()) {
                problems.required(Problems.at(path + ".imagePullSecrets", i) + ".name", "");
            }
        }
        var aliases = spec.path("hostAliases");
        for (int i = 0; i < aliases.size(); i++) {
            var at = Problems.at(path + ".hostAliases", i);
            var ip = aliases.get(i).path("ip").asText("");
            if (!Addresses.isIp(ip)) {
                problems.invalid(at + ".ip", ip, Addresses.IP_FORM);
            }
            var hosts = aliases.get(i).path("hostnames");
            for (int j = 0; j < hosts.size(); j++) {
                var host = hosts.get(j).asText();
                problems.invalid(Problems.at(at + ".hostnames", j), host, Names.dns1123Subdomain(host));
            }
        }
    }

    private static void named(String path, JsonNode value, Function<String, List<String>> format, Problems problems) {
        var text = value.asText("");
        if (!text.isEmpty()) {
            problems.invalid(path, text, format.apply(text));
        }
    }

    private static void checkScheduling(String path, JsonNode spec, Problems problems) {
        LabelRules.checkLabels(path + ".nodeSelector", spec.path("nodeSelector"), problems);
        checkTolerations(path + ".tolerations", spec.path("tolerations"), problems);
        SpreadRules.check(path + ".topologySpreadConstraints", spec.path("topologySpreadConstraints"), problems);
        AffinityRules.check(path + ".affinity", spec.path("affinity"), problems);
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
            case "", "Equal" -> problems.invalid(path + ".operator", value, Names.labelValue(value));
            case "Exists" -> {
                if (!value.isEmpty()) {
                    problems.invalid(path + ".operator", toleration, "value must be empty when `operator` is 'Exists'");
                }
            }
            default -> problems.notSupported(path + ".operator", operator, List.of("Equal", "Exists"));
        }
        if (!effect.isEmpty() && !EFFECTS.contains(effect)) {
            problems.notSupported(path + ".effect", effect, EFFECTS);
        }
    }

    private static void checkHostPorts(String path, JsonNode spec, Problems problems) {
        for (var list : List.of("containers", "initContainers")) {
            var containers = spec.path(list);
            for (int i = 0; i < containers.size(); i++) {
                var ports = containers.get(i).path("ports");
                for (int j = 0; j < ports.size(); j++) {
                    int host = ports.get(j).path("hostPort").asInt(0);
                    int container = ports.get(j).path("containerPort").asInt(0);
                    if (host != 0 && host != container) {
                        var at = Problems.at(Problems.at(path + "." + list, i) + ".ports", j);
                        problems.invalid(
                                at + ".containerPort", container, "must match `hostPort` when `hostNetwork` is true");
                    }
                }
            }
        }
    }
}
