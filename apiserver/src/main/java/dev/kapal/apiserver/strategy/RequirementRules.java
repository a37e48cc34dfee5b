package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import dev.kapal.model.Quantity;
import dev.kapal.model.codec.Documents;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What a container, or a pod as a whole, requests and is limited to. Source: core/v1 API reference,
/// ResourceRequirements.
public final class RequirementRules {
    private RequirementRules() {}

    /// Says what is wrong with the name of a resource there.
    interface NameRule {
        void check(String path, String name, Problems problems);
    }

    /// @param claims the names of the pod's claims
    static void check(String path, JsonNode resources, TreeSet<String> claims, Problems problems) {
        check(path, resources, ResourceRules::checkContainerName, problems);
        checkClaims(path + ".claims", resources.path("claims"), claims, problems);
    }

    /// Of what only has limits.
    public static void checkLimits(String path, JsonNode limits, Problems problems) {
        JsonNode resources = Documents.object().set("limits", limits);
        check(path, resources, ResourceRules::checkContainerName, problems);
    }

    static void check(String path, JsonNode resources, NameRule names, Problems problems) {
        var limits = resources.path("limits");
        boolean hugePages = false;
        boolean ordinary = false;
        for (var kind : List.of("limits", "requests")) {
            for (var amount : resources.path(kind).properties()) {
                var name = amount.getKey();
                var at = Problems.at(path + "." + kind, name);
                names.check(at, name, problems);
                ResourceRules.checkAmount(at, name, amount.getValue(), problems);
                if (kind.equals("requests")) {
                    checkRequest(path, name, amount.getValue(), limits, problems);
                }
                if (ResourceRules.isHugePages(name)) {
                    hugePages = true;
                    checkHugePages(at, name, amount.getValue(), problems);
                }
                ordinary |= name.equals("cpu") || name.equals("memory");
            }
        }
        if (hugePages && !ordinary) {
            problems.forbidden(path, "HugePages require cpu or memory");
        }
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

    /// Pages are whole.
    private static void checkHugePages(String path, String name, JsonNode value, Problems problems) {
        var amount = ResourceRules.amount(value);
        if (amount.isEmpty()) {
            return;
        }
        var page = pageSize(name);
        boolean whole =
                page.isPresent() && amount.get().amount().remainder(page.get()).signum() == 0;
        if (!whole) {
            problems.invalid(
                    path, amount.get().toString(), amount.get() + " is not positive integer multiple of " + name);
        }
    }

    private static Optional<BigDecimal> pageSize(String name) {
        try {
            var size = Quantity.parse(name.substring(name.indexOf('-') + 1)).amount();
            return size.signum() > 0 ? Optional.of(size) : Optional.empty();
        } catch (IllegalArgumentException noSize) {
            return Optional.empty();
        }
    }

    /// A claim is used as a whole or by some of its requests.
    private static void checkClaims(String path, JsonNode claims, TreeSet<String> known, Problems problems) {
        var used = new HashSet<String>();
        for (int i = 0; i < claims.size(); i++) {
            var at = Problems.at(path, i);
            var name = claims.get(i).path("name").asText("");
            if (name.isEmpty()) {
                problems.required(at, "");
                continue;
            }
            checkUse(at, name, claims.get(i).path("request").asText(""), used, problems);
            if (!known.contains(name)) {
                problems.notFound(
                        at,
                        name,
                        "must be one of the names in pod.spec.resourceClaims"
                                + (known.isEmpty() ? " which is empty" : ": " + String.join(", ", known)));
            }
        }
    }

    private static void checkUse(String path, String name, String request, HashSet<String> used, Problems problems) {
        if (used.contains(name)) {
            problems.duplicate(path, name);
            return;
        }
        if (!request.isEmpty()) {
            problems.invalid(path + ".request", request, Names.dns1123Label(request));
        } else if (used.stream().anyMatch(other -> other.startsWith(name + "/"))) {
            problems.duplicate(path, name);
        }
        var key = request.isEmpty() ? name : name + "/" + request;
        if (!used.add(key)) {
            problems.duplicate(path, key);
        }
    }
}
