package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.NodeLabelWarnings;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How storage is made. What volumes were made by does not change behind their back.
final class StorageClassStrategy implements Strategy {
    private static final List<String> RECLAIM = List.of("Delete", "Retain");
    private static final List<String> BINDING = List.of("Immediate", "WaitForFirstConsumer");
    private static final List<String> FIXED = List.of("parameters", "provisioner", "reclaimPolicy");

    @Override
    public void check(ObjectNode storage, Optional<ObjectNode> stored, Problems problems) {
        var provisioner = storage.path("provisioner").asText("");
        if (provisioner.isEmpty()) {
            problems.required("provisioner", "");
        } else {
            var lower = provisioner.toLowerCase(Locale.ROOT);
            problems.invalid("provisioner", lower, Names.qualifiedName(lower));
        }
        Parameters.check("parameters", storage.path("parameters"), true, problems);
        var reclaim = storage.path("reclaimPolicy").asText("");
        if (!reclaim.isEmpty() && !RECLAIM.contains(reclaim)) {
            problems.notSupported("reclaimPolicy", reclaim, RECLAIM);
        }
        var binding = storage.path("volumeBindingMode").asText("");
        if (!BINDING.contains(binding)) {
            problems.notSupported("volumeBindingMode", binding, BINDING);
        }
        checkTopologies(storage.path("allowedTopologies"), problems);
        stored.ifPresent(before -> {
            for (var field : FIXED) {
                if (!storage.path(field).equals(before.path(field))) {
                    problems.forbidden(field, "updates to " + field + " are forbidden.");
                }
            }
            if (!storage.path("volumeBindingMode").equals(before.path("volumeBindingMode"))) {
                problems.invalid("volumeBindingMode", storage.path("volumeBindingMode"), Problems.IMMUTABLE);
            }
        });
    }

    @Override
    public List<String> warnings(ObjectNode storage) {
        return NodeLabelWarnings.ofTopologies("allowedTopologies", storage.path("allowedTopologies"));
    }

    private static void checkTopologies(JsonNode topologies, Problems problems) {
        var seen = new ArrayList<Map<String, Set<String>>>();
        topologies.forEach(_ -> seen.add(Map.of())); // upstream finds an empty one as often before it begins
        for (int i = 0; i < topologies.size(); i++) {
            var path = Problems.at("allowedTopologies", i);
            var expressions = topologies.get(i).path("matchLabelExpressions");
            var keys = new HashSet<String>();
            for (int j = 0; j < expressions.size(); j++) {
                checkTerm(Problems.at(path + ".matchLabelExpressions", j), expressions.get(j), keys, problems);
            }
            var places = places(expressions);
            seen.stream().filter(places::equals).forEach(_ -> problems.duplicate(path + ".matchLabelExpressions", ""));
            seen.add(places);
        }
    }

    private static Map<String, Set<String>> places(JsonNode expressions) {
        var places = new HashMap<String, Set<String>>();
        for (var expression : expressions) {
            var values = new HashSet<String>();
            expression.path("values").forEach(value -> values.add(value.asText()));
            places.put(expression.path("key").asText(""), values);
        }
        return places;
    }

    private static void checkTerm(String path, JsonNode expression, HashSet<String> keys, Problems problems) {
        var key = expression.path("key").asText("");
        if (expression.path("values").isEmpty()) {
            problems.required(path + ".values", "");
        }
        var values = new HashSet<String>();
        for (int i = 0; i < expression.path("values").size(); i++) {
            var value = expression.path("values").get(i).asText();
            if (!values.add(value)) {
                problems.duplicate(Problems.at(path + ".values", i), value);
            }
        }
        problems.invalid(path + ".key", key, Names.qualifiedName(key));
        if (!keys.add(key)) {
            problems.duplicate(path + ".key", key);
        }
    }
}
