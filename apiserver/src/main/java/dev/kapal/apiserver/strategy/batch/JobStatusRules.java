package dev.kapal.apiserver.strategy.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Problem;
import java.util.HashSet;
import java.util.List;

/// What the status of a job can say: it ends once, and what has ended stays so. A rule about the end holds for the
/// write
/// that brings the end about. Source: batch/v1 API reference, JobStatus.
final class JobStatusRules {
    private static final String CONDITIONS = "status.conditions";
    private static final String COMPLETE = "Complete";
    private static final String FAILED = "Failed";
    private static final String SUCCESS = "SuccessCriteriaMet";
    private static final String FAILURE = "FailureTarget";

    private final JsonNode spec;
    private final JsonNode status;
    private final JsonNode before;
    private final Problems problems;

    private JobStatusRules(ObjectNode job, ObjectNode stored, Problems problems) {
        this.spec = job.path("spec");
        this.status = job.path("status");
        this.before = stored.path("status");
        this.problems = problems;
    }

    static void check(ObjectNode job, ObjectNode stored, Problems problems) {
        var rules = new JobStatusRules(job, stored, problems);
        for (var field : List.of("active", "succeeded", "failed", "ready", "terminating")) {
            problems.notNegative("status." + field, rules.status.path(field).asLong(0));
        }
        rules.checkUncounted();
        rules.checkConditions();
        rules.checkTimes();
        rules.checkEnd();
        rules.checkIndexes();
        rules.checkKept();
    }

    private void checkUncounted() {
        var seen = new HashSet<String>();
        for (var list : List.of("succeeded", "failed")) {
            var pods = status.path("uncountedTerminatedPods").path(list);
            for (int i = 0; i < pods.size(); i++) {
                var path = Problems.at("status.uncountedTerminatedPods." + list, i);
                var uid = pods.get(i).asText();
                if (uid.isEmpty()) {
                    problems.invalid(path, uid, "must not be empty");
                } else if (!seen.add(uid)) {
                    problems.duplicate(path, uid);
                }
            }
        }
    }

    private void checkConditions() {
        boolean completes = changes(COMPLETE);
        boolean fails = changes(FAILED);
        if ((completes || fails) && is(COMPLETE) && is(FAILED)) {
            refuse("cannot set Complete=True and Failed=true conditions");
        }
        if ((completes || changes(FAILURE)) && is(COMPLETE) && is(FAILURE)) {
            refuse("cannot set Complete=True and FailureTarget=true conditions");
        }
        if (fails && is(FAILED) && !is(FAILURE)) {
            refuse("cannot set Failed=True condition without the FailureTarget=true condition");
        }
        if (completes && is(COMPLETE) && !is(SUCCESS)) {
            refuse("cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        }
        if (is(SUCCESS) && is(FAILED)) {
            refuse("cannot set SuccessCriteriaMet=True and Failed=true conditions");
        }
        if (is(SUCCESS) && is(FAILURE)) {
            refuse("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        }
    }

    private void refuse(String why) {
        problems.invalid(CONDITIONS, Problem.OMITTED, why);
    }

    private void checkTimes() {
        boolean moved = !status.path("completionTime").equals(before.path("completionTime"));
        if ((moved || changes(COMPLETE)) && status.has("completionTime") && !is(COMPLETE)) {
            problems.invalid(
                    "status.completionTime",
                    status.get("completionTime"),
                    "cannot set completionTime when there is no Complete=True condition");
        }
        if ((moved || changes(COMPLETE)) && !status.has("completionTime") && is(COMPLETE)) {
            problems.required("status.completionTime", "completionTime is required for Complete jobs");
        }
        var start = status.path("startTime").asText("");
        var end = status.path("completionTime").asText("");
        if (!start.isEmpty() && !end.isEmpty() && end.compareTo(start) < 0) {
            problems.invalid("status.completionTime", end, "must be equal to or after `startTime`");
        }
    }

    private void checkEnd() {
        if (!(is(COMPLETE) || is(FAILED)) || isOver()) {
            return;
        }
        if (status.path("active").asLong(0) > 0) {
            problems.invalid("status.active", status.get("active"), "active>0 is invalid for finished job");
        }
        if (!status.has("startTime")) {
            problems.required("status.startTime", "startTime is required for finished job");
        }
        var uncounted = status.path("uncountedTerminatedPods");
        if (!uncounted.path("failed").isEmpty() || !uncounted.path("succeeded").isEmpty()) {
            problems.invalid("status.uncountedTerminatedPods", uncounted, "must be empty for finished job");
        }
        if (status.path("terminating").asLong(0) > 0) {
            problems.invalid(
                    "status.terminating", status.get("terminating"), "terminating>0 is invalid for finished job");
        }
    }

    private void checkIndexes() {
        boolean indexed = spec.path("completionMode").asText("").equals("Indexed");
        var completed = status.path("completedIndexes");
        if (!completed.isMissingNode() && !indexed) {
            problems.invalid(
                    "status.completedIndexes",
                    completed,
                    "cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (status.has("failedIndexes") && !spec.has("backoffLimitPerIndex")) {
            problems.invalid(
                    "status.failedIndexes",
                    status.get("failedIndexes"),
                    "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        if (status.path("ready").asLong(0) > status.path("active").asLong(0)
                && !status.path("ready").equals(before.path("ready"))) {
            problems.invalid("status.ready", status.get("ready"), "cannot set more ready pods than active");
        }
    }

    private void checkKept() {
        for (var type : List.of(COMPLETE, FAILED, FAILURE, SUCCESS)) {
            if (isTrue(before, type) && !is(type)) {
                refuse("cannot disable " + type + "=True condition");
            }
        }
        if (before.has("completionTime") && !before.get("completionTime").equals(status.path("completionTime"))) {
            problems.invalid(
                    "status.completionTime",
                    status.has("completionTime") ? status.get("completionTime") : null,
                    Problems.IMMUTABLE);
        }
    }

    private boolean isOver() {
        return isTrue(before, COMPLETE) || isTrue(before, FAILED);
    }

    private boolean changes(String type) {
        return is(type) != isTrue(before, type);
    }

    private boolean is(String type) {
        return isTrue(status, type);
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
