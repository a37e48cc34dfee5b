package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;

/// What a container requests and is limited to. Source: core/v1 API reference, ResourceRequirements.
final class RequirementRules {
    private RequirementRules() {}

    static void check(String path, JsonNode resources, JsonNode spec, Problems problems) {
        var limits = resources.path("limits");
        var requests = resources.path("requests");
        boolean hugePages = false;
        boolean ordinary = false;
        for (var kind : List.of(limits, requests)) {
            var at = path + (kind == limits ? ".limits" : ".requests");
            for (var amount : kind.properties()) {
                var name = amount.getKey();
                ResourceRules.checkContainerName(Problems.at(at, name), name, problems);
                ResourceRules.checkAmount(Problems.at(at, name), name, amount.getValue(), problems);
                hugePages |= ResourceRules.isHugePages(name);
                ordinary |= name.equals("cpu") || name.equals("memory");
            }
        }
        requests.properties()
                .forEach(request -> checkRequest(path, request.getKey(), request.getValue(), limits, problems));
        if (hugePages && !ordinary) {
            problems.forbidden(path, "HugePages require cpu or memory");
        }
        checkClaims(path + ".claims", resources.path("claims"), spec, problems);
    }

    private static void checkRequest(String path, String name, JsonNode request, JsonNode limits, Problems problems) {
        var wanted = ResourceRules.amount(request);
        var limit = ResourceRules.amount(limits.path(name));
        if (wanted.isEmpty()) {
            return;
        }
        boolean divisible = ResourceRules.allowsOvercommit(name);
        if (limit.isEmpty()) {
            if (!divisible) {
                problems.required(path + ".limits", "Limit must be set for non overcommitable resources");
            }
            return;
        }
        int order = wanted.get().compareTo(limit.get());
        if (order != 0 && !divisible) {
            problems.invalid(
                    path + ".requests", request.asText(), "must be equal to " + name + " limit of " + limit.get());
        } else if (order > 0) {
            problems.invalid(
                    path + ".requests",
                    request.asText(),
                    "must be less than or equal to " + name + " limit of " + limit.get());
        }
    }

    private static void checkClaims(String path, JsonNode claims, JsonNode spec, Problems problems) {
        var known = new HashSet<String>();
        spec.path("resourceClaims")
                .forEach(claim -> known.add(claim.path("name").asText("")));
        var used = new HashSet<String>();
        for (int i = 0; i < claims.size(); i++) {
            var name = claims.get(i).path("name").asText("");
            var request = claims.get(i).path("request").asText("");
            var at = Problems.at(path, i);
            if (name.isEmpty()) {
                problems.required(at + ".name", "");
            } else if (!used.add(name + "/" + request)) {
                problems.duplicate(at, name);
            } else if (!known.contains(name)) {
                problems.notFound(at, name);
            }
        }
    }
}
