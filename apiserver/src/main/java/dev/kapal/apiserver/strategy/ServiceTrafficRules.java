package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.List;

/// How traffic comes to a service from outside, and which of its endpoints get it. Source: core/v1 API reference,
/// ServiceSpec.
final class ServiceTrafficRules {
    private static final List<String> POLICIES = List.of("Cluster", "Local");
    private static final List<String> DISTRIBUTIONS = List.of("PreferClose", "PreferSameZone", "PreferSameNode");
    private static final List<String> IP_MODES = List.of("Proxy", "VIP");
    private static final String SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final String BALANCER_ONLY = "may only be used when `type` is 'LoadBalancer'";
    private static final String CLASS = "spec.loadBalancerClass";
    private static final String HEALTH_CHECK = "spec.healthCheckNodePort";

    private ServiceTrafficRules() {}

    static void check(JsonNode service, Problems problems) {
        var spec = service.path("spec");
        boolean balanced = isBalanced(spec);
        checkSourceRanges(service, balanced, problems);
        if (spec.has("allocateLoadBalancerNodePorts") && !balanced) {
            problems.forbidden("spec.allocateLoadBalancerNodePorts", BALANCER_ONLY);
        }
        if (spec.has("loadBalancerClass")) {
            if (balanced) {
                var name = spec.get("loadBalancerClass").asText();
                problems.invalid(CLASS, name, Names.qualifiedName(name));
            } else {
                problems.forbidden(CLASS, BALANCER_ONLY);
            }
        }
        checkExternalPolicy(spec, problems);
        checkHealthCheck(spec, problems);
        closed("internalTrafficPolicy", spec, POLICIES, problems);
        closed("trafficDistribution", spec, DISTRIBUTIONS, problems);
    }

    private static boolean isBalanced(JsonNode spec) {
        return spec.path("type").asText("").equals("LoadBalancer");
    }

    private static void closed(String field, JsonNode spec, List<String> supported, Problems problems) {
        if (spec.has(field) && !supported.contains(spec.get(field).asText())) {
            problems.notSupported("spec." + field, spec.get(field).asText(), supported);
        }
    }

    /// An annotation says what the field does not.
    private static void checkSourceRanges(JsonNode service, boolean balanced, Problems problems) {
        var ranges = service.path("spec").path("loadBalancerSourceRanges");
        var annotation = service.path("metadata").path("annotations").path(SOURCE_RANGES);
        var path = "spec.LoadBalancerSourceRanges";
        var annotated = Problems.at("metadata.annotations", SOURCE_RANGES);
        if (!ranges.isEmpty()) {
            if (!balanced) {
                problems.forbidden(path, BALANCER_ONLY);
            }
            for (int i = 0; i < ranges.size(); i++) {
                checkRange(Problems.at(path, i), ranges.get(i).asText().strip(), problems);
            }
        } else if (!annotation.isMissingNode()) {
            if (!balanced) {
                problems.forbidden(annotated, BALANCER_ONLY);
            }
            if (!annotation.asText().isBlank()) {
                for (var range : annotation.asText().split(",", -1)) {
                    checkRange(annotated, range.strip(), problems);
                }
            }
        }
    }

    private static void checkRange(String path, String range, Problems problems) {
        if (!Addresses.isCidr(range)) {
            problems.invalid(path, range, Addresses.CIDR_FORM);
        }
    }

    private static void checkExternalPolicy(JsonNode spec, Problems problems) {
        var path = "spec.externalTrafficPolicy";
        var policy = spec.path("externalTrafficPolicy").asText("");
        if (ServiceFields.isExternal(spec)) {
            problems.oneOf(path, policy, POLICIES);
        } else if (!policy.isEmpty()) {
            problems.invalid(path, policy, "may only be set for externally-accessible services");
        }
    }

    private static void checkHealthCheck(JsonNode spec, Problems problems) {
        int port = spec.path("healthCheckNodePort").asInt(0);
        if (port == 0) {
            return;
        }
        if (ServiceFields.hasHealthCheck(spec)) {
            problems.port(HEALTH_CHECK, port);
        } else {
            problems.invalid(
                    HEALTH_CHECK,
                    port,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        }
    }

    /// What a balancer has been told stays.
    static void checkKept(JsonNode spec, JsonNode before, Problems problems) {
        if (isBalanced(spec)
                && isBalanced(before)
                && !spec.path("loadBalancerClass").equals(before.path("loadBalancerClass"))) {
            problems.invalid(
                    CLASS,
                    spec.has("loadBalancerClass") ? spec.get("loadBalancerClass") : null,
                    "may not change once set");
        }
        if (ServiceFields.hasHealthCheck(spec)
                && ServiceFields.hasHealthCheck(before)
                && !spec.path("healthCheckNodePort").equals(before.path("healthCheckNodePort"))) {
            problems.forbidden(HEALTH_CHECK, Problems.IMMUTABLE);
        }
    }

    /// Where a balancer says that it can be reached.
    static void checkStatus(JsonNode service, Problems problems) {
        var path = "status.loadBalancer.ingress";
        var ingress = service.path("status").path("loadBalancer").path("ingress");
        if (!isBalanced(service.path("spec"))) {
            if (!ingress.isEmpty()) {
                problems.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'");
            }
            return;
        }
        for (int i = 0; i < ingress.size(); i++) {
            checkIngress(Problems.at(path, i), ingress.get(i), problems);
        }
    }

    private static void checkIngress(String path, JsonNode ingress, Problems problems) {
        var ip = ingress.path("ip").asText("");
        if (!ip.isEmpty() && !Addresses.isIp(ip)) {
            problems.invalid(path + ".ip", ip, Addresses.IP_FORM);
        }
        if (!ingress.has("ipMode")) {
            if (!ip.isEmpty()) {
                problems.required(path + ".ipMode", "must be specified when `ip` is set");
            }
        } else if (ip.isEmpty()) {
            problems.forbidden(path + ".ipMode", "may not be specified when `ip` is not set");
        } else if (!IP_MODES.contains(ingress.get("ipMode").asText())) {
            problems.notSupported(path + ".ipMode", ingress.get("ipMode").asText(), IP_MODES);
        }
        var host = ingress.path("hostname").asText("");
        if (!host.isEmpty()) {
            problems.invalid(path + ".hostname", host, Names.dns1123Subdomain(host));
            if (Addresses.isIp(host)) {
                problems.invalid(path + ".hostname", host, "must be a DNS name, not an IP address");
            }
        }
    }
}
