package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/// Defaults of services that depend on their type. What is allocated (addresses, families, node ports) is not a
/// default.
/// Source: API reference, Service v1.
final class ServiceDefaults {
    private static final Set<String> WITH_CLUSTER_IP = Set.of("ClusterIP", "NodePort", "LoadBalancer");
    private static final int THREE_HOURS = 10800;

    private ServiceDefaults() {}

    static void service(ObjectNode service) {
        if (!(service.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        affinity(spec);
        var type = spec.path("type").asText();
        if (type.isEmpty()) {
            type = "ClusterIP";
        }
        spec.path("ports").forEach(ServiceDefaults::targetPort);
        if (isExternal(spec, type)
                && spec.path("externalTrafficPolicy").asText().isEmpty()) {
            spec.put("externalTrafficPolicy", "Cluster");
        }
        if (WITH_CLUSTER_IP.contains(type) && !spec.hasNonNull("internalTrafficPolicy")) {
            spec.put("internalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer")) {
            if (!spec.hasNonNull("allocateLoadBalancerNodePorts")) {
                spec.put("allocateLoadBalancerNodePorts", true);
            }
            service.at("/status/loadBalancer/ingress").forEach(ServiceDefaults::ingressMode);
        }
    }

    private static void ingressMode(JsonNode ingress) {
        if (ingress instanceof ObjectNode object && ingress.hasNonNull("ip") && !ingress.hasNonNull("ipMode")) {
            object.put("ipMode", "VIP");
        }
    }

    private static boolean isExternal(ObjectNode spec, String type) {
        return type.equals("NodePort")
                || type.equals("LoadBalancer")
                || type.equals("ClusterIP") && !spec.path("externalIPs").isEmpty();
    }

    private static void affinity(ObjectNode spec) {
        var affinity = spec.path("sessionAffinity").asText();
        if (affinity.equals("ClientIP")) {
            if (!spec.path("sessionAffinityConfig").path("clientIP").hasNonNull("timeoutSeconds")) {
                spec.putObject("sessionAffinityConfig").putObject("clientIP").put("timeoutSeconds", THREE_HOURS);
            }
        } else if (affinity.isEmpty() || affinity.equals("None")) {
            spec.remove("sessionAffinityConfig");
        }
    }

    private static void targetPort(JsonNode port) {
        var target = port.path("targetPort");
        boolean unset = target.isMissingNode()
                || target.isNull()
                || target.isTextual() && target.textValue().isEmpty()
                || target.isNumber() && target.intValue() == 0;
        if (unset && port instanceof ObjectNode object && port.has("port")) {
            object.set("targetPort", port.get("port"));
        }
    }
}
