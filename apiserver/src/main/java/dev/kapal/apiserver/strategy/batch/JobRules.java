package dev.kapal.apiserver.strategy.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.PodRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.WorkloadRules;
import dev.kapal.model.Names;
import java.util.List;

/// What a job may ask for, for jobs and for the templates of cron jobs. Source: batch/v1 API reference, JobSpec.
final class JobRules {
    private static final List<String> RESTART = List.of("OnFailure", "Never");
    private static final int MANY = 100_000;
    private static final int MANY_AT_ONCE = 10_000;

    private JobRules() {}

    static void check(String path, JsonNode spec, Problems problems) {
        for (var field : List.of(
                "parallelism",
                "completions",
                "activeDeadlineSeconds",
                "backoffLimit",
                "ttlSecondsAfterFinished",
                "backoffLimitPerIndex",
                "maxFailedIndexes")) {
            problems.notNegative(path + "." + field, spec.path(field).asLong(0));
        }
        if (spec.has("maxFailedIndexes") && !spec.has("backoffLimitPerIndex")) {
            problems.required(path + ".backoffLimitPerIndex", "when maxFailedIndexes is specified");
        }
        checkManagedBy(path + ".managedBy", spec, problems);
        checkMode(path, spec, problems);
        FailureRules.check(path, spec, problems);
        SuccessRules.check(path, spec, problems);
        checkReplacement(path + ".podReplacementPolicy", spec, problems);
        PodRules.checkTemplate(path + ".template", spec.path("template"), problems);
        checkRestart(path + ".template.spec.restartPolicy", spec, problems);
    }

    private static void checkManagedBy(String path, JsonNode spec, Problems problems) {
        if (!spec.has("managedBy")) {
            return;
        }
        var manager = spec.get("managedBy").asText();
        int slash = manager.indexOf('/');
        if (slash < 0) {
            problems.invalid(path, manager, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        } else {
            problems.invalid(path, manager, Names.dns1123Subdomain(manager.substring(0, slash)));
            if (slash == manager.length() - 1) {
                problems.invalid(path, manager, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            }
        }
        if (manager.length() > 63) {
            problems.tooLong(path, 63);
        }
    }

    private static void checkMode(String path, JsonNode spec, Problems problems) {
        var mode = spec.path("completionMode").asText("NonIndexed");
        switch (mode) {
            case "Indexed" -> checkIndexed(path, spec, problems);
            case "NonIndexed" -> {
                for (var field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
                    if (spec.has(field)) {
                        problems.invalid(path + "." + field, spec.get(field), "requires indexed completion mode");
                    }
                }
            }
            default -> problems.notSupported(path + ".completionMode", mode, List.of("NonIndexed", "Indexed"));
        }
    }

    private static void checkIndexed(String path, JsonNode spec, Problems problems) {
        if (!spec.has("completions")) {
            problems.required(path + ".completions", "when completion mode is Indexed");
        }
        long completions = spec.path("completions").asLong(0);
        long parallelism = spec.path("parallelism").asLong(0);
        if (parallelism > MANY) {
            problems.invalid(
                    path + ".parallelism",
                    parallelism,
                    "must be less than or equal to 100000 when completion mode is Indexed");
        }
        long failed = spec.path("maxFailedIndexes").asLong(0);
        if (spec.has("maxFailedIndexes") && spec.has("completions") && failed > completions) {
            problems.invalid(path + ".maxFailedIndexes", failed, "must be less than or equal to completions");
        }
        if (spec.has("maxFailedIndexes") && failed > MANY) {
            problems.invalid(path + ".maxFailedIndexes", failed, "must be less than or equal to 100000");
        }
        if (spec.has("backoffLimitPerIndex") && completions > MANY) {
            checkMany(path, spec, parallelism, failed, problems);
        }
    }

    /// What one status can still hold of very many indexes.
    private static void checkMany(String path, JsonNode spec, long parallelism, long failed, Problems problems) {
        if (!spec.has("maxFailedIndexes")) {
            problems.required(path + ".maxFailedIndexes", "must be specified when completions is above 100000");
        }
        if (parallelism > MANY_AT_ONCE) {
            problems.invalid(
                    path + ".parallelism",
                    parallelism,
                    "must be less than or equal to 10000 when completions are above 100000 and used with backoff limit"
                            + " per index");
        }
        if (failed > MANY_AT_ONCE) {
            problems.invalid(
                    path + ".maxFailedIndexes",
                    failed,
                    "must be less than or equal to 10000 when completions are above 100000 and used with backoff limit"
                            + " per index");
        }
    }

    private static void checkReplacement(String path, JsonNode spec, Problems problems) {
        if (!spec.has("podReplacementPolicy")) {
            return;
        }
        var policy = spec.get("podReplacementPolicy").asText();
        var supported = spec.has("podFailurePolicy") ? List.of("Failed") : List.of("Failed", "TerminatingOrFailed");
        if (!supported.contains(policy)) {
            problems.notSupported(path, policy, supported);
        }
    }

    private static void checkRestart(String path, JsonNode spec, Problems problems) {
        var policy = spec.path("template").path("spec").path("restartPolicy").asText("");
        if (policy.isEmpty() || policy.equals("Always")) {
            problems.required(path, "valid values: \"OnFailure\", \"Never\"");
        } else if (!RESTART.contains(policy)) {
            problems.notSupported(path, policy, RESTART);
        } else if (spec.has("podFailurePolicy") && !policy.equals("Never")) {
            problems.invalid(path, policy, "only \"Never\" is supported when podFailurePolicy is specified");
        }
    }

    static void checkSelector(JsonNode spec, Problems problems) {
        if (!spec.has("selector")) {
            problems.required("spec.selector", "");
        }
        WorkloadRules.checkSelectorFields("spec.selector", spec.path("selector"), problems);
        WorkloadRules.checkChosen(spec, problems);
    }
}
