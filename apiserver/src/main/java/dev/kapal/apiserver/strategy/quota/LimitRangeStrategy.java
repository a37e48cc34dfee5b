package dev.kapal.apiserver.strategy.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import dev.kapal.model.Quantity;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Bounds and defaults that do not contradict each other, once for each type.
final class LimitRangeStrategy implements Strategy {
    private static final Set<String> TYPES = Set.of("Pod", "Container", "PersistentVolumeClaim");
    private static final List<String> MAPS = List.of("max", "min", "default", "defaultRequest");

    /// One without a name gets a random one.
    @Override
    public void onCreate(ObjectNode range) {
        var metadata = Meta.of(range);
        if (metadata.name().isEmpty()) {
            metadata.put("name", metadata.uid());
        }
    }

    @Override
    public boolean createsOnUpdate() {
        return true;
    }

    @Override
    public void check(ObjectNode range, Optional<ObjectNode> stored, Problems problems) {
        var limits = range.path("spec").path("limits");
        var types = new HashSet<String>();
        for (int i = 0; i < limits.size(); i++) {
            var path = Problems.at("spec.limits", i);
            var type = limits.get(i).path("type").asText("");
            checkType(path + ".type", type, problems);
            if (!types.add(type)) {
                problems.duplicate(path + ".type", type);
            }
            checkItem(path, type, limits.get(i), problems);
        }
    }

    private static void checkType(String path, String type, Problems problems) {
        var details = Names.qualifiedName(type);
        problems.invalid(path, type, details);
        if (details.isEmpty() && type.indexOf('/') < 0 && !TYPES.contains(type)) {
            problems.invalid(path, type, "must be a standard limit type or fully qualified");
        }
    }

    private static void checkItem(String path, String type, JsonNode item, Problems problems) {
        var resources = new TreeSet<String>();
        for (var map : MAPS) {
            if (type.equals("Pod") && map.startsWith("default")) {
                if (!item.path(map).isEmpty()) {
                    problems.forbidden(path + "." + map, "may not be specified when `type` is 'Pod'");
                }
            } else {
                checkNames(path, map, type, item, resources, problems);
            }
        }
        if (type.equals("PersistentVolumeClaim")
                && !item.path("min").has("storage")
                && !item.path("max").has("storage")) {
            problems.required(
                    path + ".limits", "either minimum or maximum storage value is required, but neither was provided");
        }
        checkNames(path, "maxLimitRequestRatio", type, item, resources, problems);
        resources.forEach(resource -> checkRelations(path, resource, item, problems));
    }

    private static void checkNames(
            String path, String map, String type, JsonNode item, Set<String> resources, Problems problems) {
        item.path(map).fieldNames().forEachRemaining(name -> {
            checkName(Problems.at(path + "." + map, name), type, name, problems);
            resources.add(name);
        });
    }

    private static void checkName(String path, String type, String name, Problems problems) {
        if (type.equals("Pod") || type.equals("Container")) {
            ResourceRules.checkContainerName(path, name, problems);
        } else {
            ResourceRules.checkName(path, name, problems);
        }
    }

    /// The amounts of one resource.
    private static void checkRelations(String path, String resource, JsonNode item, Problems problems) {
        var min = of(item, "min", resource);
        var max = of(item, "max", resource);
        boolean pod = item.path("type").asText("").equals("Pod"); // its defaults were refused already
        var limit = pod ? Optional.<Quantity>empty() : of(item, "default", resource);
        var request = pod ? Optional.<Quantity>empty() : of(item, "defaultRequest", resource);
        var ratio = of(item, "maxLimitRequestRatio", resource);
        var minPath = Problems.at(path + ".min", resource);
        var requestPath = Problems.at(path + ".defaultRequest", resource);
        var limitPath = Problems.at(path + ".default", resource);
        ordered(minPath, min, "min value", min, "max value", max, problems);
        ordered(requestPath, request, "min value", min, "default request value", request, problems);
        ordered(requestPath, request, "default request value", request, "max value", max, problems);
        ordered(requestPath, request, "default request value", request, "default limit value", limit, problems);
        ordered(limitPath, min, "min value", min, "default value", limit, problems);
        ordered(limitPath, max, "default value", limit, "max value", max, problems);
        ratio.ifPresent(r -> checkRatio(Problems.at(path + ".maxLimitRequestRatio", resource), r, min, max, problems));
        if (!ResourceRules.allowsOvercommit(resource)
                && limit.isPresent()
                && request.isPresent()
                && limit.get().compareTo(request.get()) != 0) {
            problems.invalid(
                    requestPath,
                    request.get().toString(),
                    "default value " + limit.get() + " must equal to defaultRequest value " + request.get() + " in "
                            + resource);
        }
    }

    private static Optional<Quantity> of(JsonNode item, String map, String resource) {
        return ResourceRules.amount(item.path(map).path(resource));
    }

    private static void ordered(
            String path,
            Optional<Quantity> shown,
            String lowName,
            Optional<Quantity> low,
            String highName,
            Optional<Quantity> high,
            Problems problems) {
        if (low.isPresent() && high.isPresent() && low.get().compareTo(high.get()) > 0) {
            problems.invalid(
                    path,
                    shown.orElseThrow().toString(),
                    lowName + " " + low.get() + " is greater than " + highName + " " + high.get());
        }
    }

    private static void checkRatio(
            String path, Quantity ratio, Optional<Quantity> min, Optional<Quantity> max, Problems problems) {
        if (ratio.amount().compareTo(BigDecimal.ONE) < 0) {
            problems.invalid(path, ratio.toString(), "ratio " + ratio + " is less than 1");
        }
        if (min.isPresent() && max.isPresent() && min.get().amount().signum() > 0) {
            double most = max.get().amount().doubleValue() / min.get().amount().doubleValue();
            if (ratio.amount().doubleValue() > most) {
                problems.invalid(
                        path,
                        ratio.toString(),
                        String.format(Locale.ROOT, "ratio %s is greater than max/min = %f", ratio, most));
            }
        }
    }
}
