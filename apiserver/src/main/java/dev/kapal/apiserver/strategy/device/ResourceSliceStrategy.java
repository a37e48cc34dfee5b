package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AffinityRules;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Names;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Devices that a driver has to offer, all in one place: at a node, at selected nodes, or everywhere.
final class ResourceSliceStrategy implements Strategy {
    private static final List<String> PLACES =
            List.of("nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection");
    private static final List<String> VALUES = List.of("int", "bool", "string", "version");
    private static final String ONE_PLACE =
            "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
    private static final String ONE_VALUE = "exactly one value must be specified";
    private static final String TERMS =
            "NodeSelectorTerms[MatchExpressions[Key Operator Values?] MatchFields[Key Operator Values?]]";
    private static final String ATTRIBUTE = "IntValue? BoolValue? StringValue? VersionValue?";
    /// Source: semver.org 2.0.0.
    private static final Pattern VERSION = Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
            + "(-(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(\\.(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
            + "(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?");
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
        stored.ifPresent(before -> checkKept(spec, before.path("spec"), problems));
        checkPlace(spec, problems);
        DeviceLists.checkSet(
                "spec.devices",
                spec.path("devices"),
                DEVICES,
                "name",
                (path, device) -> checkDevice(path, device, problems),
                problems);
    }

    private static void checkPool(JsonNode pool, Problems problems) {
        DeviceNames.checkPool("spec.pool.name", pool.path("name").asText(""), problems);
        long count = pool.path("resourceSliceCount").asLong(0);
        if (count <= 0) {
            problems.invalid("spec.pool.resourceSliceCount", count, "must be greater than zero");
        }
        long generation = pool.path("generation").asLong(0);
        if (generation < 0) {
            problems.invalid("spec.pool.generation", generation, "must be greater than or equal to zero");
        }
    }

    private static void checkKept(JsonNode spec, JsonNode before, Problems problems) {
        problems.unchanged(
                "spec.pool.name",
                spec.path("pool").path("name"),
                before.path("pool").path("name"));
        problems.unchanged("spec.driver", spec.path("driver"), before.path("driver"));
        problems.unchanged("spec.nodeName", spec.path("nodeName"), before.path("nodeName"));
    }

    private static void checkPlace(JsonNode spec, Problems problems) {
        var given = new ArrayList<String>();
        for (var place : PLACES) {
            if (spec.has(place) && isPlace(place, spec.get(place), problems)) {
                given.add("`" + place + "`");
            }
        }
        if (given.size() > 1) {
            problems.invalid("spec", "{" + String.join(", ", given) + "}", ONE_PLACE + ", but multiple fields are set");
        } else if (given.isEmpty()) {
            problems.required("spec", ONE_PLACE);
        }
    }

    /// Whether it counts as a place, however wrong it is.
    private static boolean isPlace(String place, JsonNode value, Problems problems) {
        var path = "spec." + place;
        if (value.isBoolean()) {
            if (!value.asBoolean()) {
                problems.invalid(path, false, "must be either unset or set to true");
            }
            return value.asBoolean();
        }
        if (value.isTextual()) {
            if (value.asText().isEmpty()) {
                problems.invalid(path, "", "must be either unset or set to a non-empty string");
                return false;
            }
            problems.invalid(path, value.asText(), Names.dns1123Subdomain(value.asText()));
            return true;
        }
        AffinityRules.checkNodeSelector(path, value, problems);
        if (value.path("nodeSelectorTerms").size() != 1) {
            problems.invalid(
                    path + ".nodeSelectorTerms",
                    GoStruct.of(value, TERMS).get("NodeSelectorTerms"),
                    "must have exactly one node selector term");
        }
        return true;
    }

    private static void checkDevice(String path, JsonNode device, Problems problems) {
        var name = device.path("name").asText("");
        problems.invalid(path + ".name", name, Names.dns1123Label(name));
        var attributes = device.path("attributes");
        var capacity = device.path("capacity");
        if (attributes.size() + capacity.size() > FACTS) {
            problems.invalid(
                    path,
                    attributes.size() + capacity.size(),
                    "the total number of attributes and capacities must not exceed " + FACTS);
        }
        attributes.properties().forEach(attribute -> {
            var at = Problems.at(path + ".attributes", DeviceNames.shown(attribute.getKey()));
            DeviceNames.checkQualified(at, attribute.getKey(), false, problems);
            checkValue(at, attribute.getValue(), problems);
        });
        capacity.fieldNames().forEachRemaining(amount -> {
            var at = Problems.at(path + ".capacity", DeviceNames.shown(amount));
            DeviceNames.checkQualified(at, amount, false, problems);
        });
    }

    private static void checkValue(String path, JsonNode attribute, Problems problems) {
        var text = attribute.path("string").asText("");
        if (text.length() > TEXT) {
            problems.tooLong(path + ".string", TEXT);
        }
        if (attribute.has("version")) {
            checkVersion(path + ".version", attribute.get("version").asText(), problems);
        }
        long given = VALUES.stream().filter(attribute::has).count();
        if (given == 0) {
            problems.required(path, ONE_VALUE);
        } else if (given > 1) {
            problems.invalid(path, GoStruct.of(goNames(attribute), ATTRIBUTE), ONE_VALUE);
        }
    }

    private static void checkVersion(String path, String version, Problems problems) {
        if (!VERSION.matcher(version).matches()) {
            problems.invalid(path, version, "must be a string compatible with semver.org spec 2.0.0");
        }
        if (version.length() > TEXT) {
            problems.tooLong(path, TEXT);
        }
    }

    private static JsonNode goNames(JsonNode attribute) {
        var named = Documents.object();
        VALUES.stream().filter(attribute::has).forEach(v -> named.set(v + "Value", attribute.get(v)));
        return named;
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
