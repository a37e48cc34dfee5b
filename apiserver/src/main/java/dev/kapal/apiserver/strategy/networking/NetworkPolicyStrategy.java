package dev.kapal.apiserver.strategy.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AddressWarnings;
import dev.kapal.apiserver.strategy.Addresses;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.apiserver.strategy.WorkloadRules;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who may talk to pods. Source: API reference, networking.k8s.io/v1, NetworkPolicy.
final class NetworkPolicyStrategy implements Strategy {
    private static final List<String> TYPES = List.of("Ingress", "Egress");
    private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var spec = candidate.path("spec");
        WorkloadRules.checkSelectorFields("spec.podSelector", spec.path("podSelector"), problems);
        checkRules("spec.ingress", spec.path("ingress"), "from", problems);
        checkRules("spec.egress", spec.path("egress"), "to", problems);
        var types = spec.path("policyTypes");
        if (types.size() > TYPES.size()) {
            problems.invalid("spec.policyTypes", types, "may not specify more than two policyTypes");
            return;
        }
        for (int i = 0; i < types.size(); i++) {
            if (!TYPES.contains(types.get(i).asText())) {
                problems.notSupported(Problems.at("spec.policyTypes", i), types.get(i), TYPES);
            }
        }
    }

    private static void checkRules(String place, JsonNode rules, String direction, Problems problems) {
        for (int i = 0; i < rules.size(); i++) {
            var path = Problems.at(place, i);
            var ports = rules.get(i).path("ports");
            for (int j = 0; j < ports.size(); j++) {
                checkPort(Problems.at(path + ".ports", j), ports.get(j), problems);
            }
            var peers = rules.get(i).path(direction);
            for (int j = 0; j < peers.size(); j++) {
                checkPeer(Problems.at(path + "." + direction, j), peers.get(j), problems);
            }
        }
    }

    private static void checkPort(String path, JsonNode port, Problems problems) {
        var protocol = port.path("protocol");
        if (!protocol.isMissingNode() && !PROTOCOLS.contains(protocol.asText())) {
            problems.notSupported(path + ".protocol", protocol, PROTOCOLS);
        }
        var first = port.path("port");
        var last = port.path("endPort");
        if (first.isNumber()) {
            problems.port(path + ".port", first.asLong());
            if (last.isNumber()) {
                if (last.asLong() < first.asLong()) {
                    problems.invalid(
                            path + ".endPort", first, "must be greater than or equal to `port`"); // not the last
                }
                problems.port(path + ".endPort", last.asLong());
            }
            return;
        }
        if (last.isNumber()) {
            problems.invalid(
                    path + ".endPort",
                    last,
                    first.isTextual()
                            ? "may not be specified when `port` is non-numeric"
                            : "may not be specified when `port` is not specified");
        }
        if (first.isTextual()) {
            problems.invalid(path + ".port", first, Names.portName(first.asText()));
        }
    }

    private static void checkPeer(String path, JsonNode peer, Problems problems) {
        int selectors = 0;
        for (var field : List.of("podSelector", "namespaceSelector")) {
            if (peer.has(field)) {
                selectors++;
                WorkloadRules.checkSelectorFields(path + "." + field, peer.get(field), problems);
            }
        }
        if (peer.has("ipBlock")) {
            checkBlock(path + ".ipBlock", peer.get("ipBlock"), problems);
        }
        if (selectors == 0 && !peer.has("ipBlock")) {
            problems.required(path, "must specify a peer");
        } else if (selectors > 0 && peer.has("ipBlock")) {
            problems.forbidden(path, "may not specify both ipBlock and another peer");
        }
    }

    @Override
    public List<String> warnings(ObjectNode policy) {
        var warnings = new ArrayList<String>();
        var spec = policy.path("spec");
        ofBlocks("spec.ingress", spec.path("ingress"), "from", warnings);
        ofBlocks("spec.egress", spec.path("egress"), "to", warnings);
        return warnings;
    }

    private static void ofBlocks(String place, JsonNode rules, String direction, List<String> warnings) {
        for (int i = 0; i < rules.size(); i++) {
            var peers = rules.get(i).path(direction);
            for (int j = 0; j < peers.size(); j++) {
                var path = Problems.at(Problems.at(place, i) + "." + direction, j) + ".ipBlock";
                var block = peers.get(j).path("ipBlock");
                warnings.addAll(AddressWarnings.ofCidr(
                        path + ".cidr", block.path("cidr").asText("")));
                var except = block.path("except");
                for (int k = 0; k < except.size(); k++) {
                    warnings.addAll(AddressWarnings.ofCidr(
                            Problems.at(path + ".except", k), except.get(k).asText()));
                }
            }
        }
    }

    private static void checkBlock(String path, JsonNode block, Problems problems) {
        var cidr = block.path("cidr").asText("");
        if (cidr.isEmpty()) {
            problems.required(path + ".cidr", "");
            return;
        }
        if (!Addresses.isCidr(cidr)) {
            problems.invalid(path + ".cidr", cidr, Addresses.CIDR_FORM);
            return;
        }
        var except = block.path("except");
        for (int i = 0; i < except.size(); i++) {
            var at = Problems.at(path + ".except", i);
            var text = except.get(i).asText();
            if (!Addresses.isCidr(text)) {
                problems.invalid(at, text, Addresses.CIDR_FORM);
            } else if (!Addresses.isStrictlyWithin(text, cidr)) {
                problems.invalid(at, text, "must be a strict subset of `cidr`");
            }
        }
    }
}
