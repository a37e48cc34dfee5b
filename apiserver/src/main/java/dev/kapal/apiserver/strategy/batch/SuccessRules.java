package dev.kapal.apiserver.strategy.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import java.util.regex.Pattern;

/// A job's success policy. Source: batch/v1 API reference, SuccessPolicy.
final class SuccessRules {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final int RULES = 20;
    private static final int INDEXES = 64 * 1024;

    private SuccessRules() {}

    static void check(String path, JsonNode spec, Problems problems) {
        if (!spec.has("successPolicy")) {
            return;
        }
        var policy = spec.get("successPolicy");
        var at = path + ".successPolicy";
        if (!spec.path("completionMode").asText("").equals("Indexed")) {
            problems.invalid(at, policy, "requires indexed completion mode");
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
                indexes = count(text, completions);
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

    /// How many indexes `1,3-5` names. Throws [IllegalArgumentException] with upstream's message.
    private static long count(String text, long completions) {
        if (text.isEmpty()) {
            return 0;
        }
        long total = 0;
        long last = -1;
        for (var part : text.split(",", -1)) {
            var ends = part.split("-", -1);
            if (ends.length > 2) {
                throw new IllegalArgumentException(
                        "the fragment \"" + part + "\" violates the requirement that an index"
                                + " interval can have at most two parts separated by '-'");
            }
            long first = index(ends[0], completions);
            if (last >= first) {
                throw new IllegalArgumentException("non-increasing order, previous: " + last + ", current: " + first);
            }
            last = first;
            if (ends.length == 2) {
                last = index(ends[1], completions);
                if (last <= first) {
                    throw new IllegalArgumentException(
                            "non-increasing order, previous: " + first + ", current: " + last);
                }
            }
            total += last - first + 1;
        }
        return total;
    }

    private static long index(String text, long completions) {
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("cannot convert string to integer for index: \"" + text + "\"");
        }
        long index = Long.parseLong(text);
        if (index >= completions) {
            throw new IllegalArgumentException("too large index: \"" + text + "\"");
        }
        return index;
    }
}
