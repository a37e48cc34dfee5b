package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;

/// What a service may look like. Source: core/v1 API reference, ServiceSpec.
final class ServiceRules {
    private static final List<String> TYPES = List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    private static final List<String> AFFINITIES = List.of("ClientIP", "None");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final String OLD_HINTS = "service.kubernetes.io/topology-aware-hints";
    private static final String HINTS = "service.kubernetes.io/topology-mode";
    private static final int LONGEST_AFFINITY = 86400;

    private ServiceRules() {}

    static void check(JsonNode service, Problems problems) {
        var spec = service.path("spec");
        checkHints(service.path("metadata").path("annotations"), problems);
        checkByType(spec, problems);
        checkPorts(spec.path("ports"), problems);
        LabelRules.checkLabels("spec.selector", spec.path("selector"), problems);
        checkAffinity(spec, problems);
        ServiceAddressRules.check(spec, problems);
        var external = spec.path("externalIPs");
        for (int i = 0; i < external.size(); i++) {
            Addresses.checkNonSpecial(
                    Problems.at("spec.externalIPs", i), external.get(i).asText(), problems);
        }
        problems.oneOf("spec.type", spec.path("type").asText(""), TYPES);
        checkPortsTogether(spec, problems);
        ServiceTrafficRules.check(service, problems);
    }

    private static void checkHints(JsonNode annotations, Problems problems) {
        if (annotations.has(OLD_HINTS)
                && annotations.has(HINTS)
                && !annotations.get(OLD_HINTS).equals(annotations.get(HINTS))) {
            problems.invalid(
                    Problems.at("metadata.annotations", HINTS),
                    annotations.get(HINTS).asText(),
                    "must match annotations[" + OLD_HINTS + "] when both are specified");
        }
    }

    private static void checkByType(JsonNode spec, Problems problems) {
        var type = spec.path("type").asText("");
        boolean headless = ServiceFields.isHeadless(spec);
        if (spec.path("ports").isEmpty() && !headless && !type.equals("ExternalName")) {
            problems.required("spec.ports", "");
        }
        switch (type) {
            case "LoadBalancer", "NodePort" -> {
                if (headless) {
                    problems.invalid(
                            "spec.clusterIPs[0]",
                            ServiceStrategy.NONE,
                            "may not be set to 'None' for " + type + " services");
                }
            }
            case "ExternalName" -> checkExternalName(spec, problems);
            default -> {
                return; // what it is called is looked at later
            }
        }
    }

    private static void checkExternalName(JsonNode spec, Problems problems) {
        for (var field : List.of("clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
            var value = spec.path(field);
            if (!value.isMissingNode() && !(value.isArray() && value.isEmpty())) {
                problems.forbidden("spec." + field, "may not be set for ExternalName services");
            }
        }
        var name = spec.path("externalName").asText("");
        var plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (plain.isEmpty()) {
            problems.required("spec.externalName", "");
        } else {
            problems.invalid("spec.externalName", plain, Names.dns1123Subdomain(plain));
        }
    }

    private static void checkPorts(JsonNode ports, Problems problems) {
        var names = new HashSet<String>();
        for (int i = 0; i < ports.size(); i++) {
            checkPort(Problems.at("spec.ports", i), ports.get(i), ports.size() > 1, names, problems);
        }
    }

    private static void checkPort(String path, JsonNode port, boolean named, HashSet<String> names, Problems problems) {
        var name = port.path("name").asText("");
        if (name.isEmpty() && named) {
            problems.required(path + ".name", "");
        } else if (!name.isEmpty()) {
            problems.invalid(path + ".name", name, Names.dns1123Label(name));
            if (!names.add(name)) {
                problems.duplicate(path + ".name", name);
            }
        }
        problems.port(path + ".port", port.path("port").asLong());
        problems.oneOf(path + ".protocol", port.path("protocol").asText(""), PROTOCOLS);
        var target = port.path("targetPort");
        if (target.isTextual()) {
            problems.invalid(path + ".targetPort", target.asText(), Names.portName(target.asText()));
        } else {
            problems.port(path + ".targetPort", target.asLong());
        }
        if (port.has("appProtocol")) {
            var protocol = port.get("appProtocol").asText();
            problems.invalid(path + ".appProtocol", protocol, Names.qualifiedName(protocol));
        }
    }

    /// Which ports a type can have, and that none is there twice.
    private static void checkPortsTogether(JsonNode spec, Problems problems) {
        var ports = spec.path("ports");
        if (spec.path("type").asText("").equals("ClusterIP")) {
            for (int i = 0; i < ports.size(); i++) {
                if (ports.get(i).path("nodePort").asInt(0) != 0) {
                    problems.forbidden(
                            Problems.at("spec.ports", i) + ".nodePort", "may not be used when `type` is 'ClusterIP'");
                }
            }
        }
        var nodePorts = new HashSet<String>();
        for (int i = 0; i < ports.size(); i++) {
            int number = ports.get(i).path("nodePort").asInt(0);
            if (number != 0 && !nodePorts.add(ports.get(i).path("protocol").asText("") + number)) {
                problems.duplicate(Problems.at("spec.ports", i) + ".nodePort", number);
            }
        }
        var numbers = new HashSet<String>();
        for (int i = 0; i < ports.size(); i++) {
            var port = ports.get(i);
            if (!numbers.add(
                    port.path("protocol").asText("") + port.path("port").asInt())) {
                var key = port.<ObjectNode>deepCopy().retain("protocol", "port");
                problems.duplicate(
                        Problems.at("spec.ports", i),
                        GoStruct.of(key, "Name", "Protocol", "AppProtocol?", "Port#", "TargetPort#", "NodePort#"));
            }
        }
    }

    private static void checkAffinity(JsonNode spec, Problems problems) {
        var affinity = spec.path("sessionAffinity").asText("");
        problems.oneOf("spec.sessionAffinity", affinity, AFFINITIES);
        var config = spec.path("sessionAffinityConfig");
        if (affinity.equals("None") && !config.isMissingNode()) {
            problems.forbidden("spec.sessionAffinityConfig", "must not be set when session affinity is None");
        }
        if (affinity.equals("ClientIP") && config.has("clientIP")) {
            long timeout = config.get("clientIP").path("timeoutSeconds").asLong(0);
            if (timeout <= 0 || timeout > LONGEST_AFFINITY) {
                problems.invalid(
                        "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                        timeout,
                        "must be greater than 0 and less than " + LONGEST_AFFINITY);
            }
        }
    }
}
