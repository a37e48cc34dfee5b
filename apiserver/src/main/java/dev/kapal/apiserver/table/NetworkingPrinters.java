package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupResource;
import java.time.Instant;
import java.util.Map;

/// Ingresses, their classes, network policies and the addresses of services.
final class NetworkingPrinters {
    private static final String GROUP = "networking.k8s.io";

    /// How many rules are looked at before the others are only counted.
    private static final int RULES = 3;

    private NetworkingPrinters() {}

    static Map<GroupResource, Printer> all() {
        return Map.of(
                new GroupResource(GROUP, "ingresses"), NetworkingPrinters::ingress,
                new GroupResource(GROUP, "ingressclasses"), NetworkingPrinters::ingressClass,
                new GroupResource(GROUP, "networkpolicies"), NetworkingPrinters::policy,
                new GroupResource(GROUP, "ipaddresses"), NetworkingPrinters::address,
                new GroupResource(GROUP, "servicecidrs"), NetworkingPrinters::range);
    }

    private static void ingress(ObjectNode ingress, Instant now, ArrayNode cells) {
        var spec = ingress.path("spec");
        cells.add(Cells.name(ingress))
                .add(spec.path("ingressClassName").asText(Cells.NONE))
                .add(hosts(spec.path("rules")))
                .add(String.join(",", Cells.balancers(ingress.path("status").path("loadBalancer"))))
                .add(spec.path("tls").isEmpty() ? "80" : "80, 443")
                .add(Cells.age(ingress, now));
    }

    /// The hosts named until three are found; the rest is the number of rules beyond three.
    private static String hosts(JsonNode rules) {
        var hosts = new StringBuilder();
        int shown = 0;
        boolean more = false;
        for (var rule : rules) {
            more |= shown == RULES;
            var host = rule.path("host").asText("");
            if (!more && !host.isEmpty()) {
                hosts.append(shown == 0 ? "" : ",").append(host);
                shown++;
            }
        }
        if (shown == 0) {
            return "*";
        }
        return more ? hosts + " + " + (rules.size() - RULES) + " more..." : hosts.toString();
    }

    private static void ingressClass(ObjectNode ingressClass, Instant now, ArrayNode cells) {
        var spec = ingressClass.path("spec");
        cells.add(Cells.name(ingressClass))
                .add(spec.path("controller").asText(""))
                .add(parameters(spec.path("parameters")))
                .add(Cells.age(ingressClass, now));
    }

    private static String parameters(JsonNode parameters) {
        if (!parameters.isObject()) {
            return Cells.NONE;
        }
        var group =
                parameters.has("apiGroup") ? "." + parameters.path("apiGroup").asText() : "";
        return parameters.path("kind").asText("") + group + "/"
                + parameters.path("name").asText("");
    }

    private static void policy(ObjectNode policy, Instant now, ArrayNode cells) {
        cells.add(Cells.name(policy))
                .add(Cells.selector(policy.path("spec").path("podSelector")))
                .add(Cells.age(policy, now));
    }

    private static void address(ObjectNode address, Instant now, ArrayNode cells) {
        cells.add(Cells.name(address)).add(parent(address.path("spec").path("parentRef")));
    }

    /// `services/default/kubernetes`.
    private static String parent(JsonNode reference) {
        if (!reference.isObject()) {
            return Cells.NONE;
        }
        var group = reference.path("group").asText("");
        var namespace = reference.path("namespace").asText("");
        return reference.path("resource").asText("")
                + (group.isEmpty() ? "" : "." + group)
                + (namespace.isEmpty() ? "" : "/" + namespace)
                + "/" + reference.path("name").asText("");
    }

    private static void range(ObjectNode range, Instant now, ArrayNode cells) {
        cells.add(Cells.name(range))
                .add(String.join(",", Cells.texts(range.path("spec").path("cidrs"))))
                .add(Cells.age(range, now));
    }
}
