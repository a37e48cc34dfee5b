package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Fills in which families of addresses a service has, in a cluster whose services have IPv4 addresses. A service
/// without addresses and without a selector may have any: somebody else gives it its endpoints. Source: Kubernetes
/// documentation, IPv4/IPv6 dual-stack.
final class ServiceFamilies {
    private static final String POLICY = "ipFamilyPolicy";
    private static final String FAMILIES = "ipFamilies";
    private static final String SINGLE = "SingleStack";
    private static final String DUAL = "RequireDualStack";
    private static final String OWN = "IPv4";

    private ServiceFamilies() {}

    static void fill(ObjectNode spec, JsonNode before, Problems problems) {
        if (!ServiceFields.hasClusterIp(spec)) {
            return;
        }
        boolean free = ServiceFields.isHeadless(spec) && spec.path("selector").isEmpty();
        if (!spec.has(POLICY)) {
            spec.put(POLICY, before.path(POLICY).asText(free ? DUAL : SINGLE));
        }
        release(spec, before, problems);
        checkPolicy(spec, problems);
        inferFamilies(spec, problems);
        if (!problems.isEmpty()) {
            return;
        }
        if (free) {
            fillFree(spec);
        } else {
            fillOwn(spec, problems);
        }
    }

    /// Wanting one family is enough to give the other back; anything else must be said.
    private static void release(ObjectNode spec, JsonNode before, Problems problems) {
        if (isSingle(spec)) {
            for (var field : new String[] {"clusterIPs", FAMILIES}) {
                if (spec.path(field).size() > 1 && spec.path(field).equals(before.path(field))) {
                    ((ArrayNode) spec.get(field)).remove(1);
                }
            }
            return;
        }
        refuseReduced(
                spec, before, "clusterIPs", "must be 'SingleStack' to release the secondary cluster IP", problems);
        refuseReduced(spec, before, FAMILIES, "must be 'SingleStack' to release the secondary IP family", problems);
    }

    private static void refuseReduced(
            ObjectNode spec, JsonNode before, String field, String message, Problems problems) {
        if (!spec.path(field).isEmpty()
                && spec.path(field).size() < before.path(field).size()) {
            problems.invalid("spec." + POLICY, spec.get(POLICY), message);
        }
    }

    private static boolean isSingle(JsonNode spec) {
        return spec.path(POLICY).asText("").equals(SINGLE);
    }

    private static void checkPolicy(ObjectNode spec, Problems problems) {
        if (!isSingle(spec)) {
            return;
        }
        var message = "must be 'RequireDualStack' or 'PreferDualStack' when multiple ";
        if (spec.path("clusterIPs").size() == 2) {
            problems.invalid("spec." + POLICY, SINGLE, message + "cluster IPs are specified");
        }
        if (spec.path(FAMILIES).size() == 2) {
            problems.invalid("spec." + POLICY, SINGLE, message + "IP families are specified");
        }
    }

    /// From the addresses that were asked for.
    private static void inferFamilies(ObjectNode spec, Problems problems) {
        if (ServiceFields.isHeadless(spec)) {
            return;
        }
        var addresses = spec.path("clusterIPs");
        for (int i = spec.path(FAMILIES).size(); i < addresses.size(); i++) {
            var family = Addresses.parse(addresses.get(i).asText())
                    .map(ServiceFields::family)
                    .orElse("");
            if (family.equals(OWN)) {
                spec.withArray(FAMILIES).add(OWN);
            } else {
                problems.invalid(
                        Problems.at("spec.clusterIPs", i), addresses, family + " is not configured on this cluster");
            }
        }
    }

    private static void fillFree(ObjectNode spec) {
        var families = spec.withArray(FAMILIES);
        if (families.isEmpty()) {
            families.add(OWN);
        }
        if (families.size() == 1 && !isSingle(spec)) {
            families.add(families.get(0).asText().equals(OWN) ? "IPv6" : OWN);
        }
    }

    private static void fillOwn(ObjectNode spec, Problems problems) {
        if (spec.path(POLICY).asText("").equals(DUAL)) {
            problems.invalid("spec." + POLICY, DUAL, "this cluster is not configured for dual-stack services");
        }
        var families = spec.withArray(FAMILIES);
        for (int i = 0; i < families.size(); i++) {
            if (!families.get(i).asText().equals(OWN)) {
                problems.invalid(
                        Problems.at("spec." + FAMILIES, i), families.get(i).asText(), "not configured on this cluster");
            }
        }
        if (families.isEmpty()) {
            families.add(OWN);
        }
    }
}
