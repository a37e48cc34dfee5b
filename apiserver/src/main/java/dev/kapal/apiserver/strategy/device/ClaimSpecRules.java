package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a claim asks for, for claims and their templates. Source: resource.k8s.io/v1 API reference, DeviceClaim.
final class ClaimSpecRules {
    private static final int ITEMS = 32;
    private static final int ALTERNATIVES = 8;
    private static final String ONE_WAY = "exactly one of `exactly` or `firstAvailable` is required";
    private static final List<String> MODES = List.of("All", "ExactCount");

    private ClaimSpecRules() {}

    static void check(String path, JsonNode spec, Problems problems) {
        var devices = spec.path("devices");
        var at = path + ".devices";
        var names = names(spec);
        DeviceLists.checkSet(
                at + ".requests",
                devices.path("requests"),
                ITEMS,
                "name",
                (place, request) -> checkRequest(place, request, problems),
                problems);
        DeviceLists.check(
                at + ".constraints",
                devices.path("constraints"),
                ITEMS,
                (place, constraint) -> checkConstraint(place, constraint, names, problems),
                problems);
        DeviceLists.check(
                at + ".config",
                devices.path("config"),
                ITEMS,
                (place, configuration) -> {
                    checkNamed(place + ".requests", configuration.path("requests"), names, problems);
                    DeviceNames.checkConfiguration(place, configuration, problems);
                },
                problems);
    }

    private static void checkRequest(String path, JsonNode request, Problems problems) {
        checkName(path, request, problems);
        var alternatives = request.path("firstAvailable");
        DeviceLists.checkSet(
                path + ".firstAvailable",
                alternatives,
                ALTERNATIVES,
                "name",
                (at, alternative) -> {
                    checkName(at, alternative, problems);
                    checkDevices(at, alternative, problems);
                },
                problems);
        if (request.has("exactly")) {
            checkDevices(path + ".exactly", request.get("exactly"), problems);
        }
        if (request.has("exactly") && !alternatives.isEmpty()) {
            problems.invalid(path, null, ONE_WAY + ", but multiple fields are set");
        } else if (!request.has("exactly") && alternatives.isEmpty()) {
            problems.required(path, ONE_WAY);
        }
    }

    private static void checkName(String path, JsonNode request, Problems problems) {
        var name = request.path("name").asText("");
        problems.invalid(path + ".name", name, Names.dns1123Label(name));
    }

    private static void checkDevices(String path, JsonNode request, Problems problems) {
        var deviceClass = request.path("deviceClassName").asText("");
        if (deviceClass.isEmpty()) {
            problems.required(path + ".deviceClassName", "");
        } else {
            problems.invalid(path + ".deviceClassName", deviceClass, Names.dns1123Subdomain(deviceClass));
        }
        SelectorRules.checkSelectors(path + ".selectors", request.path("selectors"), problems);
        var mode = request.path("allocationMode").asText("");
        long count = request.path("count").asLong(0);
        switch (mode) {
            case "All" -> {
                if (count != 0) {
                    problems.invalid(path + ".count", count, "must not be specified when allocationMode is 'All'");
                }
            }
            case "ExactCount" -> {
                if (count <= 0) {
                    problems.invalid(path + ".count", count, "must be greater than zero");
                }
            }
            default -> problems.notSupported(path + ".allocationMode", mode, MODES);
        }
        SelectorRules.checkTolerations(path + ".tolerations", request.path("tolerations"), problems);
    }

    private static void checkConstraint(String path, JsonNode constraint, Set<String> names, Problems problems) {
        checkNamed(path + ".requests", constraint.path("requests"), names, problems);
        if (!constraint.has("matchAttribute") && !constraint.has("distinctAttribute")) {
            problems.required(path + ".matchAttribute", ""); // the other one is switched off
        }
        for (var field : List.of("matchAttribute", "distinctAttribute")) {
            if (constraint.has(field)) {
                DeviceNames.checkQualified(
                        path + "." + field, constraint.get(field).asText(), true, problems);
            }
        }
    }

    static void checkNamed(String path, JsonNode requests, Set<String> names, Problems problems) {
        DeviceLists.checkTexts(
                path, requests, ITEMS, (at, name) -> checkReference(at, name, names, problems), problems);
    }

    /// The name of a request, or of one of its alternatives.
    static void checkReference(String path, String name, Set<String> names, Problems problems) {
        var parts = name.split("/", -1);
        if (parts.length <= 2) {
            for (var part : parts) {
                problems.invalid(path, part, Names.dns1123Label(part));
            }
        }
        if (!names.contains(name)) {
            problems.invalid(
                    path,
                    name,
                    "must be the name of a request in the claim or the name of a request and a subrequest separated by"
                            + " '/'");
        }
    }

    /// Of all requests and their alternatives.
    static Set<String> names(JsonNode spec) {
        var names = new HashSet<String>();
        for (var request : spec.path("devices").path("requests")) {
            var name = request.path("name").asText("");
            names.add(name);
            request.path("firstAvailable")
                    .forEach(alternative ->
                            names.add(name + "/" + alternative.path("name").asText("")));
        }
        return names;
    }
}
