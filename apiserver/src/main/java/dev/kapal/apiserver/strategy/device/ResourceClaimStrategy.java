package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A claim to devices: what it asks for is fixed, and so is what it was given while somebody uses it.
final class ResourceClaimStrategy implements Strategy {
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
                problems.invalid("spec", DeviceShapes.claim(spec), Problems.IMMUTABLE);
            }
        } else {
            access.check(
                    claim.path("metadata").path("namespace").asText(""),
                    spec.path("devices").path("requests"),
                    problems);
        }
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
        new ClaimStatusRules(candidate, stored, problems).check();
    }
}
