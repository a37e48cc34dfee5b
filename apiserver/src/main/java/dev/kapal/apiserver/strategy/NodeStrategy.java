package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A node comes with its status, because its own agent registers it. What configures agents through the API is gone
/// from Kubernetes: it is dropped unless it is there already.
final class NodeStrategy implements Strategy {
    @Override
    public boolean keepsStatusOnCreate() {
        return true;
    }

    @Override
    public void check(ObjectNode node, Optional<ObjectNode> stored, Problems problems) {
        NodeRules.check(node, problems);
        stored.ifPresent(before -> NodeRules.checkUpdate(node, before, problems));
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        NodeRules.checkUpdate(candidate, stored, problems);
    }

    @Override
    public void onCreate(ObjectNode node) {
        matchPodCidrs(node);
        if (node.get("spec") instanceof ObjectNode spec) {
            spec.remove("configSource");
        }
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        matchPodCidrs(incoming);
        if (!stored.path("spec").has("configSource") && incoming.get("spec") instanceof ObjectNode spec) {
            spec.remove("configSource");
        }
    }

    @Override
    public void onStatusUpdate(ObjectNode incoming, ObjectNode stored) {
        if (!stored.path("status").has("config") && incoming.get("status") instanceof ObjectNode status) {
            status.remove("config");
        }
    }

    /// `podCIDR` and the first of `podCIDRs` are one thing under two names.
    private static void matchPodCidrs(ObjectNode node) {
        if (!(node.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        var single = spec.path("podCIDR").asText("");
        if (spec.path("podCIDRs").isEmpty() && !single.isEmpty()) {
            spec.putArray("podCIDRs").add(single);
        } else if (single.isEmpty() && !spec.path("podCIDRs").isEmpty()) {
            spec.put("podCIDR", spec.get("podCIDRs").get(0).asText());
        }
    }

    @Override
    public List<String> warnings(ObjectNode node) {
        var warnings = new ArrayList<String>();
        JsonNode spec = node.path("spec");
        if (spec.has("configSource")) {
            warnings.add("spec.configSource: the feature is removed");
        }
        if (!spec.path("externalID").asText("").isEmpty()) {
            warnings.add("spec.externalID: this field is deprecated, and is unused by Kubernetes");
        }
        var ranges = spec.path("podCIDRs");
        for (int i = 0; i < ranges.size(); i++) {
            var path = Problems.at("spec.podCIDRs", i);
            warnings.addAll(AddressWarnings.ofCidr(path, ranges.get(i).asText()));
        }
        return warnings;
    }

    @Override
    public Set<String> selectable() {
        return Set.of("spec.unschedulable");
    }

    @Override
    public Map<String, String> fields(ObjectNode node) {
        return Map.of(
                "spec.unschedulable",
                Boolean.toString(node.path("spec").path("unschedulable").asBoolean()));
    }
}
