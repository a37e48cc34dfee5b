package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// What a node may say of itself, and what of it stays. Source: core/v1 API reference, NodeSpec and NodeStatus.
final class NodeRules {
    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
    /// As upstream calls the place, which is below `spec`.
    private static final String TAINTS = "metadata.taints";

    private NodeRules() {}

    static void check(JsonNode node, Problems problems) {
        checkTaints(node.path("spec").path("taints"), problems);
        checkAmounts(node.path("status"), problems);
        checkPodCidrs(node.path("spec").path("podCIDRs"), problems);
    }

    /// For writes of the node and of its status.
    static void checkUpdate(JsonNode node, JsonNode stored, Problems problems) {
        var spec = node.path("spec");
        var before = stored.path("spec");
        checkAmounts(node.path("status"), problems);
        checkAddresses(node.path("status").path("addresses"), problems);
        if (!before.path("podCIDRs").isEmpty() && !spec.path("podCIDRs").equals(before.path("podCIDRs"))) {
            problems.forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
        }
        var provider = before.path("providerID").asText("");
        if (!provider.isEmpty() && !spec.path("providerID").asText("").equals(provider)) {
            problems.forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
        }
        checkTaints(spec.path("taints"), problems);
        if (!spec.path("externalID").equals(before.path("externalID"))) {
            problems.forbidden("spec.externalID", "may not be updated");
        }
    }

    private static void checkTaints(JsonNode taints, Problems problems) {
        var seen = new HashSet<String>();
        for (int i = 0; i < taints.size(); i++) {
            var taint = taints.get(i);
            var path = Problems.at(TAINTS, i);
            var key = taint.path("key").asText("");
            var effect = taint.path("effect").asText("");
            var value = taint.path("value").asText("");
            problems.invalid(path + ".key", key, Names.qualifiedName(key));
            problems.invalidTogether(path + ".value", value, Names.labelValue(value));
            problems.oneOf(path + ".effect", effect, EFFECTS);
            if (!seen.add(key + "\0" + effect)) {
                var shown = GoStruct.of(taint, "Key", "Value", "Effect", "TimeAdded?");
                problems.duplicate(path, shown, "taints must be unique by key and effect pair");
            }
        }
    }

    private static void checkAmounts(JsonNode status, Problems problems) {
        for (var list : List.of("capacity", "allocatable")) {
            for (var amount : status.path(list).properties()) {
                var path = "status." + list + "." + amount.getKey();
                ResourceRules.checkAmount(path, amount.getKey(), amount.getValue(), problems);
            }
        }
    }

    private static void checkAddresses(JsonNode addresses, Problems problems) {
        var seen = new HashSet<JsonNode>();
        for (int i = 0; i < addresses.size(); i++) {
            if (!seen.add(addresses.get(i))) {
                var shown = GoStruct.of(addresses.get(i), "Type", "Address");
                problems.duplicate(Problems.at("status.addresses", i), shown);
            }
        }
    }

    private static void checkPodCidrs(JsonNode ranges, Problems problems) {
        var path = "spec.podCIDRs";
        var networks = new ArrayList<InetAddress>();
        for (int i = 0; i < ranges.size(); i++) {
            var range = ranges.get(i).asText();
            if (Addresses.isCidr(range)) {
                networks.add(
                        Addresses.parse(range.substring(0, range.indexOf('/'))).orElseThrow());
            } else {
                problems.invalid(Problems.at(path, i), range, Addresses.CIDR_FORM);
            }
        }
        if (networks.size() < ranges.size() || ranges.size() < 2) {
            return;
        }
        if (!Addresses.isDualStack(networks)) {
            problems.invalid(path, ranges, "may specify no more than one CIDR for each IP family");
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < ranges.size(); i++) {
            if (!seen.add(ranges.get(i).asText())) {
                problems.duplicate(Problems.at(path, i), ranges.get(i).asText());
            }
        }
    }
}
