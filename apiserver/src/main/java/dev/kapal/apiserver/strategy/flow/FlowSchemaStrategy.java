package dev.kapal.apiserver.strategy.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.flow.DefaultObjects;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which requests go to which priority level. Source: API reference, flowcontrol.apiserver.k8s.io/v1, FlowSchema.
final class FlowSchemaStrategy implements Strategy {
    private static final int MOST_PRECEDENCE = 10_000;
    private static final String PRECEDENCE = "spec.matchingPrecedence";
    private static final String LEVEL = "spec.priorityLevelConfiguration.name";
    private static final List<String> DISTINGUISHERS = List.of("ByNamespace", "ByUser");

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var name = candidate.path("metadata").path("name").asText("");
        var spec = candidate.path("spec");
        checkPrecedence(name, spec.path("matchingPrecedence").asLong(), problems);
        var method = spec.path("distinguisherMethod").path("type").asText("");
        if (spec.has("distinguisherMethod") && !DISTINGUISHERS.contains(method)) {
            problems.notSupported(
                    "spec.distinguisherMethod.type", Documents.object().put("Type", method), DISTINGUISHERS);
        }
        checkLevel(spec.path("priorityLevelConfiguration").path("name").asText(""), problems);
        var rules = spec.path("rules");
        for (int i = 0; i < rules.size(); i++) {
            checkRule(Problems.at("spec.rules", i), rules.get(i), problems);
        }
        var fixed = DefaultObjects.mandatory("flowschemas", name);
        if (fixed.isPresent() && !fixed.get().isAskedBy((ObjectNode) spec)) {
            problems.invalid("spec", spec, "spec of '" + name + "' must equal the fixed value");
        }
    }

    private static void checkPrecedence(String name, long precedence, Problems problems) {
        if (precedence <= 0) {
            problems.invalid(PRECEDENCE, precedence, "must be a positive value");
        }
        if (precedence > MOST_PRECEDENCE) {
            problems.invalid(PRECEDENCE, precedence, "must not be greater than " + MOST_PRECEDENCE);
        }
        if (precedence == 1 && !name.equals("exempt")) {
            problems.invalid(PRECEDENCE, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
        }
    }

    private static void checkLevel(String level, Problems problems) {
        if (level.isEmpty()) {
            problems.required(LEVEL, "must reference a priority level");
        } else {
            problems.invalid(LEVEL, level, Names.dns1123Subdomain(level));
        }
    }

    private static void checkRule(String path, JsonNode rule, Problems problems) {
        var subjects = rule.path("subjects");
        if (subjects.isEmpty()) {
            problems.required(path + ".subjects", "subjects must contain at least one value");
        }
        for (int i = 0; i < subjects.size(); i++) {
            FlowSubjectRules.check(Problems.at(path + ".subjects", i), subjects.get(i), problems);
        }
        FlowRequestRules.check(path, rule, problems);
    }

    @Override
    public Set<String> keptByStatus() {
        return METADATA;
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        FlowConditions.check(candidate.path("status").path("conditions"), problems);
    }
}
