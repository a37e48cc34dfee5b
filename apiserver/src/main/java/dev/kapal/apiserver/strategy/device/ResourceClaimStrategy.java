package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.ConditionRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A claim to devices: what it asks for is fixed, and so is what it was given while somebody uses it.
final class ResourceClaimStrategy implements Strategy {
    private static final int CONSUMERS = 256;
    private static final int RESULTS = 32;

    private final AdminAccess access;

    ResourceClaimStrategy(AdminAccess access) {
        this.access = access;
    }

    @Override
    public void onCreate(ObjectNode incoming) {
        DeviceFeatures.dropFromClaim(incoming.path("spec"), MissingNode.getInstance());
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        DeviceFeatures.dropFromClaim(incoming.path("spec"), stored.path("spec"));
    }

    @Override
    public void check(ObjectNode claim, Optional<ObjectNode> stored, Problems problems) {
        var spec = claim.path("spec");
        if (stored.isPresent()) {
            if (!spec.equals(stored.get().path("spec"))) {
                problems.invalid("spec", spec, Problems.IMMUTABLE);
            }
            return;
        }
        access.check(
                claim.path("metadata").path("namespace").asText(""),
                spec.path("devices").path("requests"),
                problems);
        ClaimSpecRules.check("spec", spec, problems);
    }

    @Override
    public Set<String> keptByStatus() {
        return METADATA;
    }

    @Override
    public void onStatusUpdate(ObjectNode incoming, ObjectNode stored) {
        DeviceFeatures.dropFromStatus(incoming, stored);
        dropReleased(incoming, stored);
    }

    /// What is said of a device goes with the device.
    private static void dropReleased(ObjectNode incoming, ObjectNode stored) {
        var released = allocated(stored);
        released.removeAll(allocated(incoming));
        if (incoming.path("status").get("devices") instanceof ArrayNode devices) {
            var kept = devices.elements();
            while (kept.hasNext()) {
                if (released.contains(device(kept.next()))) {
                    kept.remove();
                }
            }
            if (devices.isEmpty()) {
                ((ObjectNode) incoming.get("status")).remove("devices");
            }
        }
    }

    private static Set<List<String>> allocated(ObjectNode claim) {
        var devices = new HashSet<List<String>>();
        claim.at("/status/allocation/devices/results").forEach(result -> devices.add(device(result)));
        return devices;
    }

    private static List<String> device(JsonNode result) {
        return Stream.of("driver", "pool", "device", "shareID")
                .map(part -> result.path(part).asText(""))
                .toList();
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var status = candidate.path("status");
        var before = stored.path("status");
        var consumers = status.path("reservedFor");
        if (consumers.size() > CONSUMERS) {
            problems.tooMany("status.reservedFor", consumers.size(), CONSUMERS);
        }
        var uids = new HashSet<String>();
        for (int i = 0; i < consumers.size(); i++) {
            checkConsumer(Problems.at("status.reservedFor", i), consumers.get(i), uids, problems);
        }
        if (!consumers.isEmpty() && !status.has("allocation")) {
            problems.forbidden("status.reservedFor", "may not be specified when `allocated` is not set");
        }
        if (candidate.path("metadata").has("deletionTimestamp")
                && consumers.size() > before.path("reservedFor").size()) {
            problems.forbidden(
                    "status.reservedFor",
                    "new entries may not be added while `deallocationRequested` or" + " `deletionTimestamp` are set");
        }
        if (before.has("allocation")
                && status.has("allocation")
                && !status.get("allocation").equals(before.get("allocation"))) {
            problems.invalid("status.allocation", status.get("allocation"), Problems.IMMUTABLE);
        } else if (status.has("allocation")) {
            checkAllocation("status.allocation", status.get("allocation"), problems);
        }
        var devices = status.path("devices");
        for (int i = 0; i < devices.size(); i++) {
            ConditionRules.check(
                    Problems.at("status.devices", i) + ".conditions",
                    devices.get(i).path("conditions"),
                    problems);
        }
    }

    private static void checkConsumer(String path, JsonNode consumer, HashSet<String> uids, Problems problems) {
        for (var field : new String[] {"resource", "name", "uid"}) {
            if (consumer.path(field).asText("").isEmpty()) {
                problems.required(path + "." + field, "");
            }
        }
        var uid = consumer.path("uid").asText("");
        if (!uids.add(uid)) {
            problems.duplicate(path + ".uid", uid);
        }
    }

    private static void checkAllocation(String path, JsonNode allocation, Problems problems) {
        var results = allocation.path("devices").path("results");
        var at = path + ".devices.results";
        if (results.size() > RESULTS) {
            problems.tooMany(at, results.size(), RESULTS);
        }
        for (int i = 0; i < results.size(); i++) {
            var place = Problems.at(at, i);
            var result = results.get(i);
            DeviceNames.checkDriver(place + ".driver", result.path("driver").asText(""), problems);
            DeviceNames.checkPool(place + ".pool", result.path("pool").asText(""), problems);
            var device = result.path("device").asText("");
            if (device.isEmpty()) {
                problems.required(place + ".device", "");
            } else {
                problems.invalid(place + ".device", device, Names.dns1123Label(device));
            }
        }
    }
}
