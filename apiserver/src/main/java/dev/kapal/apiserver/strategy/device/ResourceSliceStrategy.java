package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AffinityRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Devices that a driver has to offer, all in one place: at a node, at selected nodes, or everywhere.
final class ResourceSliceStrategy implements Strategy {
    private static final List<String> PLACES =
            List.of("nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection");
    private static final List<String> VALUES = List.of("int", "bool", "string", "version");
    private static final int DEVICES = 128;
    private static final int FACTS = 32;
    private static final int TEXT = 64;

    @Override
    public void onCreate(ObjectNode incoming) {
        DeviceFeatures.dropFromSlice(incoming, MissingNode.getInstance());
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        DeviceFeatures.dropFromSlice(incoming, stored);
    }

    @Override
    public void check(ObjectNode slice, Optional<ObjectNode> stored, Problems problems) {
        var spec = slice.path("spec");
        DeviceNames.checkDriver("spec.driver", spec.path("driver").asText(""), problems);
        checkPool(spec.path("pool"), problems);
        checkPlace(spec, problems);
        var devices = spec.path("devices");
        if (devices.size() > DEVICES) {
            problems.tooMany("spec.devices", devices.size(), DEVICES);
        }
        var names = new HashSet<String>();
        for (int i = 0; i < devices.size(); i++) {
            checkDevice(Problems.at("spec.devices", i), devices.get(i), names, problems);
        }
        stored.ifPresent(before -> checkKept(spec, before.path("spec"), problems));
    }

    private static void checkPool(JsonNode pool, Problems problems) {
        DeviceNames.checkPool("spec.pool.name", pool.path("name").asText(""), problems);
        long count = pool.path("resourceSliceCount").asLong(0);
        if (count <= 0) {
            problems.invalid("spec.pool.resourceSliceCount", count, "must be greater than zero");
        }
        problems.notNegative("spec.pool.generation", pool.path("generation").asLong(0));
    }

    private static void checkPlace(JsonNode spec, Problems problems) {
        var given = new ArrayList<String>();
        for (var place : PLACES) {
            boolean off = spec.path(place).isBoolean() && !spec.get(place).asBoolean();
            if (off) {
                problems.invalid("spec." + place, false, "must be either unset or set to true");
            } else if (spec.has(place)) {
                given.add(place);
            }
        }
        if (given.size() > 1) {
            problems.invalid(
                    "spec",
                    "{"
                            + String.join(
                                    ", ", given.stream().map(p -> "`" + p + "`").toList()) + "}",
                    "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but"
                            + " multiple fields are set");
        } else if (given.isEmpty()) {
            problems.required(
                    "spec",
                    "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required");
        }
        var node = spec.path("nodeName").asText("");
        if (spec.has("nodeName")) {
            problems.invalid("spec.nodeName", node, Names.dns1123Subdomain(node));
        }
        if (spec.has("nodeSelector")) {
            AffinityRules.checkNodeSelector("spec.nodeSelector", spec.get("nodeSelector"), problems);
            var terms = spec.get("nodeSelector").path("nodeSelectorTerms");
            if (terms.size() > 1) {
                problems.invalid(
                        "spec.nodeSelector.nodeSelectorTerms", terms, "must have exactly one node selector term");
            }
        }
    }

    private static void checkDevice(String path, JsonNode device, Set<String> names, Problems problems) {
        var name = device.path("name").asText("");
        problems.invalid(path + ".name", name, Names.dns1123Label(name));
        if (!names.add(name)) {
            problems.duplicate(path + ".name", name);
        }
        var attributes = device.path("attributes");
        var capacity = device.path("capacity");
        if (attributes.size() + capacity.size() > FACTS) {
            problems.invalid(
                    path,
                    attributes.size() + capacity.size(),
                    "the total number of attributes and capacities must not exceed " + FACTS);
        }
        attributes.properties().forEach(attribute -> {
            var at = Problems.at(path + ".attributes", attribute.getKey());
            DeviceNames.checkQualified(at, attribute.getKey(), false, problems);
            checkValue(at, attribute.getValue(), problems);
        });
        capacity.properties().forEach(amount -> {
            var at = Problems.at(path + ".capacity", amount.getKey());
            DeviceNames.checkQualified(at, amount.getKey(), false, problems);
            ResourceRules.checkNotNegative(at + ".value", amount.getValue().path("value"), problems);
        });
    }

    private static void checkValue(String path, JsonNode attribute, Problems problems) {
        long given = VALUES.stream().filter(attribute::has).count();
        if (given == 0) {
            problems.required(path, "exactly one value must be specified");
        } else if (given > 1) {
            problems.invalid(path, attribute, "exactly one value must be specified");
        }
        for (var field : List.of("string", "version")) {
            if (attribute.path(field).asText("").length() > TEXT) {
                problems.tooLong(path + "." + field, TEXT);
            }
        }
    }

    private static void checkKept(JsonNode spec, JsonNode before, Problems problems) {
        if (!spec.path("driver").equals(before.path("driver"))) {
            problems.invalid("spec.driver", spec.path("driver"), Problems.IMMUTABLE);
        }
        if (!spec.path("pool").path("name").equals(before.path("pool").path("name"))) {
            problems.invalid("spec.pool.name", spec.path("pool").path("name"), Problems.IMMUTABLE);
        }
        if (!spec.path("nodeName").equals(before.path("nodeName"))) {
            problems.invalid("spec.nodeName", spec.has("nodeName") ? spec.get("nodeName") : null, Problems.IMMUTABLE);
        }
    }

    @Override
    public Set<String> selectable() {
        return Set.of("spec.nodeName", "spec.driver");
    }

    @Override
    public String notSelectable(GroupVersionKind kind, String field) {
        return "field label not supported for " + kind.apiVersion() + ", Kind=" + kind.kind() + ": " + field;
    }

    @Override
    public Map<String, String> fields(ObjectNode slice) {
        var spec = slice.path("spec");
        return Map.of(
                "spec.nodeName", spec.path("nodeName").asText(""),
                "spec.driver", spec.path("driver").asText(""));
    }
}
