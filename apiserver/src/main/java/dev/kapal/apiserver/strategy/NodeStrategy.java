package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A node comes with its status, because its own agent registers it.
final class NodeStrategy implements Strategy {
    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    @Override
    public boolean keepsStatusOnCreate() {
        return true;
    }

    @Override
    public void check(ObjectNode node, Optional<ObjectNode> stored, Problems problems) {
        var spec = node.path("spec");
        checkTaints(spec.path("taints"), problems);
        checkPodCidrs(spec, problems);
        stored.ifPresent(before -> checkUpdate(spec, before.path("spec"), problems));
    }

    private static void checkUpdate(JsonNode spec, JsonNode before, Problems problems) {
        if (!before.path("podCIDRs").isEmpty() && !spec.path("podCIDRs").equals(before.path("podCIDRs"))) {
            problems.forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
        }
        var provider = before.path("providerID").asText("");
        if (!provider.isEmpty() && !spec.path("providerID").asText("").equals(provider)) {
            problems.forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
        }
    }

    private static void checkTaints(JsonNode taints, Problems problems) {
        var seen = new HashSet<String>();
        for (int i = 0; i < taints.size(); i++) {
            var taint = taints.get(i);
            var path = Problems.at("spec.taints", i);
            var key = taint.path("key").asText("");
            var effect = taint.path("effect").asText("");
            problems.invalid(path + ".key", key, Names.qualifiedName(key));
            var value = taint.path("value").asText("");
            problems.invalid(path + ".value", value, Names.labelValue(value));
            problems.oneOf(path + ".effect", effect, EFFECTS);
            if (!seen.add(key + "\0" + effect)) {
                problems.duplicate(path, taint);
            }
        }
    }

    private static void checkPodCidrs(JsonNode spec, Problems problems) {
        var cidrs = spec.path("podCIDRs");
        for (int i = 0; i < cidrs.size(); i++) {
            var cidr = cidrs.get(i).asText();
            if (!Addresses.isCidr(cidr)) {
                problems.invalid(Problems.at("spec.podCIDRs", i), cidr, Addresses.CIDR_FORM);
            }
        }
        var single = spec.path("podCIDR").asText("");
        if (!single.isEmpty() && !cidrs.isEmpty() && !cidrs.get(0).asText().equals(single)) {
            problems.invalid("spec.podCIDRs[0]", cidrs.get(0).asText(), "must match podCIDR");
        }
    }

    @Override
    public void onCreate(ObjectNode node) {
        matchPodCidrs(node);
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        matchPodCidrs(incoming);
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
