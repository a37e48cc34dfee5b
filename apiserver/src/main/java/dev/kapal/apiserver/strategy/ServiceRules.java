package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import dev.kapal.model.codec.Documents;
import java.util.HashSet;
import java.util.List;

/// What a service may look like.
final class ServiceRules {
    private static final List<String> TYPES = List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    private static final List<String> AFFINITIES = List.of("ClientIP", "None");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> POLICIES = List.of("Cluster", "Local");
    private static final int LONGEST_AFFINITY = 86400;

    private ServiceRules() {}

    static void check(JsonNode spec, Problems problems) {
        var type = spec.path("type").asText("");
        problems.oneOf("spec.type", type, TYPES);
        checkPortsPresent(spec, type, problems);
        if (type.equals("ExternalName")) {
            checkExternalName(spec, problems);
        }
        checkPorts(spec, problems);
        LabelRules.checkLabels("spec.selector", spec.path("selector"), problems);
        checkAffinity(spec, problems);
        checkAddresses(spec, problems);
        checkPolicies(spec, type, problems);
    }

    private static void checkPortsPresent(JsonNode spec, String type, Problems problems) {
        if (spec.path("ports").isEmpty() && !ServiceFields.isHeadless(spec) && !type.equals("ExternalName")) {
            problems.required("spec.ports", "");
        }
        if (type.equals("LoadBalancer") || type.equals("NodePort")) {
            if (ServiceFields.isHeadless(spec)) {
                problems.invalid(
                        "spec.clusterIPs[0]",
                        ServiceStrategy.NONE,
                        "may not be set to 'None' for " + type + " services");
            }
        }
    }

    private static void checkExternalName(JsonNode spec, Problems problems) {
        var name = spec.path("externalName").asText("");
        var plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (name.isEmpty()) {
            problems.required("spec.externalName", "");
        } else {
            problems.invalid("spec.externalName", name, Names.dns1123Subdomain(plain));
        }
    }

    private static void checkPorts(JsonNode spec, Problems problems) {
        var ports = spec.path("ports");
        var names = new HashSet<String>();
        var taken = new HashSet<String>();
        for (int i = 0; i < ports.size(); i++) {
            var at = Problems.at("spec.ports", i);
            var port = ports.get(i);
            checkPort(at, port, ports.size() > 1, names, problems);
            if (!ServiceFields.isHeadless(spec)
                    && !ServiceFields.hasNodePorts(spec)
                    && port.path("nodePort").asInt(0) != 0) {
                problems.forbidden(
                        at + ".nodePort",
                        "may not be used when `type` is '" + spec.path("type").asText("") + "'");
            }
            var key = port.path("protocol").asText("") + port.path("port").asInt();
            if (!taken.add(key)) {
                var shown = Documents.object()
                        .put("protocol", port.path("protocol").asText(""))
                        .put("port", port.path("port").asInt())
                        .put("targetPort", 0);
                problems.duplicate(at, shown);
            }
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
        } else if (target.isNumber()) {
            problems.port(path + ".targetPort", target.asLong());
        }
        long nodePort = port.path("nodePort").asLong(0);
        if (nodePort < 0 || nodePort > 65535) {
            problems.port(path + ".nodePort", nodePort);
        }
    }

    private static void checkAffinity(JsonNode spec, Problems problems) {
        var affinity = spec.path("sessionAffinity").asText("");
        problems.oneOf("spec.sessionAffinity", affinity, AFFINITIES);
        var config = spec.path("sessionAffinityConfig");
        if (affinity.equals("None") && config.has("clientIP")) {
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

    private static void checkAddresses(JsonNode spec, Problems problems) {
        var ips = spec.path("clusterIPs");
        for (int i = 0; i < ips.size(); i++) {
            var ip = ips.get(i).asText();
            var at = Problems.at("spec.clusterIPs", i);
            if (!ip.equals(ServiceStrategy.NONE) && !Addresses.isIp(ip)) {
                problems.invalid(at, ip, Addresses.IP_FORM);
            }
        }
        var first = ips.path(0).asText("");
        var single = spec.path("clusterIP").asText("");
        if (!single.isEmpty() && !single.equals(first)) {
            problems.invalid("spec.clusterIPs", ips, "first value must match `clusterIP`");
        }
        var external = spec.path("externalIPs");
        for (int i = 0; i < external.size(); i++) {
            Addresses.checkNonSpecial(
                    Problems.at("spec.externalIPs", i), external.get(i).asText(), problems);
        }
    }

    private static void checkPolicies(JsonNode spec, String type, Problems problems) {
        if (spec.has("externalTrafficPolicy")) {
            boolean external = type.equals("NodePort")
                    || type.equals("LoadBalancer")
                    || !spec.path("externalIPs").isEmpty();
            if (!external) {
                problems.invalid(
                        "spec.externalTrafficPolicy",
                        spec.get("externalTrafficPolicy").asText(),
                        "may only be set for externally-accessible services");
            } else {
                problems.oneOf(
                        "spec.externalTrafficPolicy",
                        spec.get("externalTrafficPolicy").asText(),
                        POLICIES);
            }
        }
        if (spec.has("internalTrafficPolicy")) {
            problems.oneOf(
                    "spec.internalTrafficPolicy",
                    spec.get("internalTrafficPolicy").asText(),
                    POLICIES);
        }
    }
}
