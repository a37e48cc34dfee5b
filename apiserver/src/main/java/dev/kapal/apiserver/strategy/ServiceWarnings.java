package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// What people should know of a service although it is accepted. Pure.
final class ServiceWarnings {
    private static final String OLD_HINTS = "service.kubernetes.io/topology-aware-hints";

    private ServiceWarnings() {}

    static List<String> of(JsonNode service) {
        var warnings = new ArrayList<String>();
        var spec = service.path("spec");
        if (service.path("metadata").path("annotations").has(OLD_HINTS)) {
            warnings.add("annotation " + OLD_HINTS
                    + " is deprecated, please use service.kubernetes.io/topology-mode instead");
        }
        ofAddresses(spec, "clusterIPs", warnings);
        boolean external = spec.path("type").asText("").equals("ExternalName");
        boolean externalIps = !spec.path("externalIPs").isEmpty();
        if (ServiceFields.isHeadless(spec) && spec.path("type").asText("").equals("ClusterIP")) {
            if (!spec.path("loadBalancerIP").asText("").isEmpty()) {
                warnings.add("spec.loadBalancerIP is ignored for headless services");
            }
            if (externalIps) {
                warnings.add("spec.externalIPs is ignored for headless services");
            }
            if (!spec.path("sessionAffinity").asText("").equals("None")) {
                warnings.add("spec.SessionAffinity is ignored for headless services");
            }
        }
        ofAddresses(spec, "externalIPs", warnings);
        warnings.addAll(AddressWarnings.ofIp(
                "spec.loadBalancerIP", spec.path("loadBalancerIP").asText("")));
        var ranges = spec.path("loadBalancerSourceRanges");
        for (int i = 0; i < ranges.size(); i++) {
            var path = Problems.at("spec.loadBalancerSourceRanges", i);
            warnings.addAll(AddressWarnings.ofCidr(path, ranges.get(i).asText()));
        }
        if (external && externalIps) {
            warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }
        if (!external && !spec.path("externalName").asText("").isEmpty()) {
            warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        return warnings;
    }

    private static void ofAddresses(JsonNode spec, String field, List<String> warnings) {
        var addresses = spec.path(field);
        for (int i = 0; i < addresses.size(); i++) {
            var path = Problems.at("spec." + field, i);
            warnings.addAll(AddressWarnings.ofIp(path, addresses.get(i).asText()));
        }
    }
}
