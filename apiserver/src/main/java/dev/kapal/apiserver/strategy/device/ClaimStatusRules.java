package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AddressForm;
import dev.kapal.apiserver.strategy.AffinityRules;
import dev.kapal.apiserver.strategy.ConditionRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import dev.kapal.model.Problem;
import dev.kapal.model.codec.Documents;
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
    private static final int DATA = 10 * 1024;
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
        var consumers = status.path("reservedFor");
        if (consumers.size() > CONSUMERS) {
            problems.tooMany("status.reservedFor", consumers.size(), CONSUMERS);
        }
        var uids = new HashSet<String>();
        for (int i = 0; i < consumers.size(); i++) {
            checkConsumer(Problems.at("status.reservedFor", i), consumers.get(i), uids);
        }
        checkDevices();
        checkReserved(consumers);
        if (before.has("allocation") && status.has("allocation")) {
            if (!status.get("allocation").equals(before.get("allocation"))) {
                problems.invalid("status.allocation", status.get("allocation"), Problems.IMMUTABLE);
            }
        } else if (status.has("allocation")) {
            checkAllocation("status.allocation", status.get("allocation"));
        }
    }

    private void checkConsumer(String path, JsonNode consumer, Set<String> uids) {
        for (var field : List.of("resource", "name", "uid")) {
            if (consumer.path(field).asText("").isEmpty()) {
                problems.required(path + "." + field, "");
            }
        }
        var uid = consumer.path("uid").asText("");
        if (!uids.add(uid)) {
            problems.duplicate(path + ".uid", uid);
        }
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
        var seen = new HashSet<String>();
        var devices = status.path("devices");
        for (int i = 0; i < devices.size(); i++) {
            var path = Problems.at("status.devices", i);
            var device = devices.get(i);
            checkDevice(path, device);
            if (!allocated.contains(id(device))) {
                problems.invalid(path, new Problem.Plain(id(device)), "must be an allocated device in the claim");
            }
            checkSaid(path, device);
            if (!seen.add(id(device))) {
                problems.duplicate(path + ".deviceID", new Problem.Plain(id(device)));
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
        if (name.isEmpty()) {
            problems.required(path + ".device", "");
        } else {
            problems.invalid(path + ".device", name, Names.dns1123Label(name));
        }
    }

    private void checkSaid(String path, JsonNode device) {
        var conditions = device.path("conditions");
        if (conditions.size() > CONDITIONS) {
            problems.tooMany(path + ".conditions", conditions.size(), CONDITIONS);
        }
        ConditionRules.check(path + ".conditions", conditions, problems);
        var data = device.path("data");
        if (device.has("data") && !data.isObject()) {
            problems.invalid(path + ".data", "<value omitted>", "must be a valid JSON object");
        } else if (device.has("data") && Documents.json(data).length > DATA) {
            problems.tooLong(path + ".data", DATA);
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
        var addresses = network.path("ips");
        if (addresses.size() > ADDRESSES) {
            problems.tooMany(path + ".ips", addresses.size(), ADDRESSES);
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < addresses.size(); i++) {
            var at = Problems.at(path + ".ips", i);
            var address = addresses.get(i).asText();
            problems.invalid(at, address, AddressForm.interfaceProblems(address));
            if (!seen.add(address)) {
                problems.duplicate(at, address);
            }
        }
    }

    private void checkAllocation(String path, JsonNode allocation) {
        var names = ClaimSpecRules.names(claim.path("spec"));
        var results = allocation.path("devices").path("results");
        var at = path + ".devices.results";
        if (results.size() > RESULTS) {
            problems.tooMany(at, results.size(), RESULTS);
        }
        for (int i = 0; i < results.size(); i++) {
            var place = Problems.at(at, i);
            var request = results.get(i).path("request").asText("");
            ClaimSpecRules.checkReference(place + ".request", request, names, problems);
            checkDevice(place, results.get(i));
        }
        checkConfigurations(path + ".devices.config", allocation.path("devices").path("config"), names);
        if (allocation.has("nodeSelector")) {
            AffinityRules.checkNodeSelector(path + ".nodeSelector", allocation.get("nodeSelector"), problems);
        }
    }

    private void checkConfigurations(String path, JsonNode configurations, Set<String> names) {
        if (configurations.size() > CONFIGURATIONS) {
            problems.tooMany(path, configurations.size(), CONFIGURATIONS);
        }
        for (int i = 0; i < configurations.size(); i++) {
            var at = Problems.at(path, i);
            var configuration = configurations.get(i);
            var source = configuration.path("source").asText("");
            if (source.isEmpty()) {
                problems.required(at + ".source", "");
            } else if (!SOURCES.contains(source)) {
                problems.notSupported(at + ".source", source, SOURCES);
            }
            ClaimSpecRules.checkNamed(at + ".requests", configuration.path("requests"), names, problems);
            DeviceNames.checkConfiguration(at, configuration, problems);
        }
    }
}
