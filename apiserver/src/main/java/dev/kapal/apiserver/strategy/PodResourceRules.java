package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.defaults.PodLevelResources;
import java.util.List;

/// What a pod as a whole may use: as much as its containers request, at least, and no less than one of them may use.
/// Source: Kubernetes enhancement 2837, pod level resources.
final class PodResourceRules {
    private static final List<String> SUPPORTED = List.of("cpu", "hugepages-", "memory");

    private PodResourceRules() {}

    /// @param path of the pod's specification
    static void check(String path, JsonNode spec, Problems problems) {
        if (!spec.has("resources")) {
            return;
        }
        var at = path + ".resources";
        var resources = spec.get("resources");
        if (spec.path("os").path("name").asText("").equals("windows")) {
            problems.forbidden(at, "may not be set for a windows pod");
            return;
        }
        if (resources.has("claims")) {
            problems.forbidden(at + ".claims", "claims cannot be set for Resources at pod-level");
        }
        RequirementRules.check(at, resources, PodResourceRules::checkName, problems);
        checkRequests(at + ".requests", spec, resources.path("requests"), problems);
        checkHugePages(at + ".limits", spec, resources.path("limits"), problems);
        checkLimits(at, spec.path("containers"), resources.path("limits"), problems);
    }

    private static void checkName(String path, String name, Problems problems) {
        var own = new Problems();
        ResourceRules.checkName(path, name, own);
        if (own.isEmpty() && !SUPPORTED.contains(name) && !ResourceRules.isHugePages(name)) {
            own.notSupported(path, name, SUPPORTED);
        }
        problems.addAll(own);
    }

    /// Of what the pod does not name, its containers may request what they like.
    private static void checkRequests(String path, JsonNode spec, JsonNode requests, Problems problems) {
        requests.fieldNames()
                .forEachRemaining(resource -> checkSum(path, spec, "requests", requests, resource, problems));
    }

    private static void checkHugePages(String path, JsonNode spec, JsonNode limits, Problems problems) {
        for (var resource : PodLevelResources.hugePages(spec)) {
            checkSum(path, spec, "limits", limits, resource, problems);
        }
    }

    private static void checkSum(
            String path, JsonNode spec, String kind, JsonNode amounts, String resource, Problems problems) {
        var given = ResourceRules.amount(amounts.path(resource));
        if (given.isEmpty()) {
            return;
        }
        var sum = PodLevelResources.ofContainers(spec, kind, resource);
        if (sum.compareTo(given.get()) > 0) {
            problems.invalid(
                    Problems.at(path, resource),
                    given.get().toString(),
                    "must be greater than or equal to aggregate container " + kind + " of " + sum);
        }
    }

    private static void checkLimits(String path, JsonNode containers, JsonNode limits, Problems problems) {
        for (int i = 0; i < containers.size(); i++) {
            for (var limit : containers.get(i).path("resources").path("limits").properties()) {
                var whole = ResourceRules.amount(limits.path(limit.getKey()));
                var own = ResourceRules.amount(limit.getValue());
                if (whole.isPresent() && own.isPresent() && own.get().compareTo(whole.get()) > 0) {
                    var at = Problems.at(Problems.at(path + ".containers", i), limit.getKey());
                    problems.invalid(
                            at + ".limits",
                            own.get().toString(),
                            "must be less than or equal to pod limits of " + whole.get());
                }
            }
        }
    }
}
