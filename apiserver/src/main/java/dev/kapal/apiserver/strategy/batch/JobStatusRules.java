package dev.kapal.apiserver.strategy.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Problem;
import java.util.List;

/// What the status of a job can say: it ends once, and what has ended stays so. Source: batch/v1 API reference,
/// JobStatus.
final class JobStatusRules {
    private JobStatusRules() {}

    static void check(ObjectNode job, ObjectNode stored, Problems problems) {
        var status = job.path("status");
        for (var field : List.of("active", "succeeded", "failed", "ready", "terminating")) {
            problems.notNegative("status." + field, status.path(field).asLong(0));
        }
        boolean complete = isTrue(status, "Complete");
        boolean failed = isTrue(status, "Failed");
        boolean finished = complete || failed;
        if (complete && failed) {
            problems.invalid(
                    "status.conditions", Problem.OMITTED, "cannot set Complete=True and Failed=True conditions");
        }
        if (complete && isTrue(status, "FailureTarget")) {
            problems.invalid(
                    "status.conditions", Problem.OMITTED, "cannot set Complete=True and FailureTarget=true conditions");
        }
        if (finished && status.path("active").asLong(0) > 0) {
            problems.invalid("status.active", status.get("active"), "active>0 is invalid for finished job");
        }
        checkTimes(status, complete, finished, problems);
        if (status.has("completedIndexes") && !isIndexed(job)) {
            problems.invalid(
                    "status.completedIndexes",
                    status.get("completedIndexes"),
                    "cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (status.has("failedIndexes") && !job.path("spec").has("backoffLimitPerIndex")) {
            problems.invalid(
                    "status.failedIndexes",
                    status.get("failedIndexes"),
                    "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        checkKept(status, stored.path("status"), problems);
    }

    private static void checkTimes(JsonNode status, boolean complete, boolean finished, Problems problems) {
        if (complete && !status.has("completionTime")) {
            problems.required("status.completionTime", "completionTime is required for Complete jobs");
        }
        if (!complete && status.has("completionTime")) {
            problems.invalid(
                    "status.completionTime",
                    status.get("completionTime"),
                    "completionTime cannot be set when there is no Complete=True condition");
        }
        if (finished && !status.has("startTime")) {
            problems.required("status.startTime", "startTime is required for finished job");
        }
        var start = status.path("startTime").asText("");
        var end = status.path("completionTime").asText("");
        if (!start.isEmpty() && !end.isEmpty() && end.compareTo(start) < 0) {
            problems.invalid("status.completionTime", end, "completionTime cannot be set before startTime");
        }
    }

    private static void checkKept(JsonNode status, JsonNode before, Problems problems) {
        for (var type : List.of("Complete", "Failed", "FailureTarget", "SuccessCriteriaMet")) {
            if (isTrue(before, type) && !isTrue(status, type)) {
                problems.invalid("status.conditions", Problem.OMITTED, "cannot disable " + type + "=True condition");
            }
        }
        for (var field : List.of("failed", "succeeded")) {
            if (status.path(field).asLong(0) < before.path(field).asLong(0) && isOver(before)) {
                problems.invalid(
                        "status." + field, status.path(field).asLong(0), "cannot decrease the " + field + " counter");
            }
        }
        if (before.has("completionTime") && !before.get("completionTime").equals(status.path("completionTime"))) {
            problems.invalid(
                    "status.completionTime",
                    status.has("completionTime") ? status.get("completionTime") : null,
                    Problems.IMMUTABLE);
        }
    }

    private static boolean isOver(JsonNode status) {
        return isTrue(status, "Complete") || isTrue(status, "Failed");
    }

    private static boolean isIndexed(JsonNode job) {
        return job.path("spec").path("completionMode").asText("").equals("Indexed");
    }

    private static boolean isTrue(JsonNode status, String type) {
        for (var condition : status.path("conditions")) {
            if (condition.path("type").asText("").equals(type)) {
                return condition.path("status").asText("").equals("True");
            }
        }
        return false;
    }
}
