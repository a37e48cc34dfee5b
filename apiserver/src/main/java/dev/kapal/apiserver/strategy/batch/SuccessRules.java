package dev.kapal.apiserver.strategy.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.Problems;

/// A job's success policy. Source: batch/v1 API reference, SuccessPolicy.
final class SuccessRules {
    private static final int RULES = 20;
    private static final int INDEXES = 64 * 1024;

    static final String SHAPE = "Rules[SucceededIndexes? SucceededCount?]";

    private SuccessRules() {}

    static void check(String path, JsonNode spec, Problems problems) {
        if (!spec.has("successPolicy")) {
            return;
        }
        var policy = spec.get("successPolicy");
        var at = path + ".successPolicy";
        if (!spec.path("completionMode").asText("").equals("Indexed")) {
            problems.invalid(at, GoStruct.of(policy, SHAPE), "requires indexed completion mode");
            return;
        }
        var rules = policy.path("rules");
        if (rules.isEmpty()) {
            problems.required(
                    at + ".rules", "at least one rules must be specified when the successPolicy is specified");
        }
        if (rules.size() > RULES) {
            problems.tooMany(at + ".rules", rules.size(), RULES);
        }
        for (int i = 0; i < rules.size(); i++) {
            checkRule(
                    Problems.at(at + ".rules", i),
                    rules.get(i),
                    spec.path("completions").asLong(0),
                    problems);
        }
    }

    private static void checkRule(String path, JsonNode rule, long completions, Problems problems) {
        boolean counts = rule.has("succeededCount");
        boolean lists = rule.has("succeededIndexes");
        if (!counts && !lists) {
            problems.required(path, "at least one of succeededCount or succeededIndexes must be specified");
            return;
        }
        long indexes = 0;
        if (lists) {
            var text = rule.get("succeededIndexes").asText();
            if (text.length() > INDEXES) {
                problems.tooLong(path + ".succeededIndexes", INDEXES);
            }
            try {
                indexes = JobIndexes.count(text, completions);
            } catch (IllegalArgumentException malformed) {
                problems.invalid(
                        path + ".succeededIndexes", text, "error parsing succeededIndexes: " + malformed.getMessage());
                return;
            }
        }
        if (counts) {
            checkCount(path, rule.get("succeededCount").asLong(), completions, lists, indexes, problems);
        }
    }

    private static void checkCount(
            String path, long count, long completions, boolean lists, long indexes, Problems problems) {
        problems.notNegative(path + ".succeededCount", count);
        if (count > completions) {
            problems.invalid(
                    path + ".succeededCount",
                    count,
                    "must be less than or equal to " + completions + " (the number of specified completions)");
        }
        if (lists && count > indexes) {
            problems.invalid(
                    path + ".succeededCount",
                    count,
                    "must be less than or equal to " + indexes
                            + " (the number of indexes in the specified succeededIndexes field)");
        }
    }
}
