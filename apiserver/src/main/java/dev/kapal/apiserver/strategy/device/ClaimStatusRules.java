package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AddressForm;
import dev.kapal.apiserver.strategy.AffinityRules;
import dev.kapal.apiserver.strategy.AttachedVolumes;
import dev.kapal.apiserver.strategy.ConditionRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the status of a claim can say: who uses it, which devices it got, and what drivers say of these. Source:
/// resource.k8s.io/v1 API reference, ResourceClaimStatus.
final class ClaimStatusRules {
    private static final int CONSUMERS = 256;
    private static final int RESULTS = 32;
    private static final int CONFIGURATIONS = 64;
    private static final int CONDITIONS = 8;
    private static final int INTERFACE_NAME = 256;
    private static final int HARDWARE_ADDRESS = 128;
    private static final int ADDRESSES = 16;
    private static final List<String> SOURCES = List.of("FromClaim", "FromClass");

    private final ObjectNode claim;
    private final JsonNode status;
    private final JsonNode before;
    private final Problems problems;

    ClaimStatusRules(ObjectNode claim, ObjectNode stored, Problems problems) {
        this.claim = claim;
        this.status = claim.path("status");
        this.before = stored.path("status");
        this.problems = problems;
    }

    void check() {
        DeviceLists.checkSet(
                "status.reservedFor", status.path("reservedFor"), CONSUMERS, "uid", this::checkConsumer, problems);
        checkDevices();
        checkReserved(status.path("reservedFor"));
        if (before.has("allocation") && status.has("allocation")) {
            if (!status.get("allocation").equals(before.get("allocation"))) {
                problems.invalid(
                        "status.allocation", DeviceShapes.allocation(status.get("allocation")), Problems.IMMUTABLE);
            }
        } else if (status.has("allocation")) {
            checkAllocation("status.allocation", status.get("allocation"));
        }
    }

    private void checkConsumer(String path, JsonNode consumer) {
        AttachedVolumes.required(path, consumer, problems, "resource", "name", "uid");
    }

    private void checkReserved(JsonNode consumers) {
        if (consumers.isEmpty()) {
            return;
        }
        if (!status.has("allocation")) {
            problems.forbidden("status.reservedFor", "may not be specified when `allocated` is not set");
            return;
        }
        var known = new HashSet<JsonNode>();
        before.path("reservedFor").forEach(known::add);
        boolean adds = false;
        for (var consumer : consumers) {
            adds |= !known.contains(consumer);
        }
        if (adds && claim.path("metadata").has("deletionTimestamp")) {
            problems.forbidden(
                    "status.reservedFor",
                    "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set");
        }
    }

    private void checkDevices() {
        var allocated = new HashSet<String>();
        status.at("/allocation/devices/results").forEach(result -> allocated.add(id(result)));
        var devices = status.path("devices");
        for (int i = 0; i < devices.size(); i++) {
            var path = Problems.at("status.devices", i);
            var device = devices.get(i);
            checkDevice(path, device);
            if (!allocated.contains(id(device))) {
                problems.invalid(path, DeviceShapes.ID, "must be an allocated device in the claim");
            }
            checkSaid(path, device);
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < devices.size(); i++) {
            if (!seen.add(id(devices.get(i)))) {
                problems.duplicate(Problems.at("status.devices", i) + ".deviceID", DeviceShapes.ID);
            }
        }
    }

    private static String id(JsonNode device) {
        return device.path("driver").asText("") + "/" + device.path("pool").asText("") + "/"
                + device.path("device").asText("");
    }

    private void checkDevice(String path, JsonNode device) {
        DeviceNames.checkDriver(path + ".driver", device.path("driver").asText(""), problems);
        DeviceNames.checkPool(path + ".pool", device.path("pool").asText(""), problems);
        var name = device.path("device").asText("");
        problems.invalid(path + ".device", name, Names.dns1123Label(name));
    }

    private void checkSaid(String path, JsonNode device) {
        var conditions = device.path("conditions");
        if (conditions.size() > CONDITIONS) {
            problems.tooMany(path + ".conditions", conditions.size(), CONDITIONS);
        }
        ConditionRules.check(path + ".conditions", conditions, problems);
        if (device.has("data")) {
            DeviceNames.checkParameters(path + ".data", device.get("data"), problems);
        }
        checkNetwork(path + ".networkData", device.path("networkData"));
    }

    private void checkNetwork(String path, JsonNode network) {
        if (network.path("interfaceName").asText("").length() > INTERFACE_NAME) {
            problems.tooLong(path + ".interfaceName", INTERFACE_NAME);
        }
        if (network.path("hardwareAddress").asText("").length() > HARDWARE_ADDRESS) {
            problems.tooLong(path + ".hardwareAddress", HARDWARE_ADDRESS);
        }
        DeviceLists.checkTexts(
                path + ".ips",
                network.path("ips"),
                ADDRESSES,
                (at, address) -> problems.invalid(at, address, AddressForm.interfaceProblems(address)),
                problems);
    }

    private void checkAllocation(String path, JsonNode allocation) {
        var names = ClaimSpecRules.names(claim.path("spec"));
        var devices = allocation.path("devices");
        DeviceLists.check(
                path + ".devices.results",
                devices.path("results"),
                RESULTS,
                (at, result) -> {
                    var request = result.path("request").asText("");
                    ClaimSpecRules.checkReference(at + ".request", request, names, problems);
                    checkDevice(at, result);
                },
                problems);
        DeviceLists.check(
                path + ".devices.config",
                devices.path("config"),
                CONFIGURATIONS,
                (at, configuration) -> checkConfiguration(at, configuration, names),
                problems);
        if (allocation.has("nodeSelector")) {
            AffinityRules.checkNodeSelector(path + ".nodeSelector", allocation.get("nodeSelector"), problems);
        }
    }

    private void checkConfiguration(String path, JsonNode configuration, Set<String> names) {
        problems.oneOf(path + ".source", configuration.path("source").asText(""), SOURCES);
        ClaimSpecRules.checkNamed(path + ".requests", configuration.path("requests"), names, problems);
        DeviceNames.checkConfiguration(path, configuration, problems);
    }
}
