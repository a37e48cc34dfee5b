package dev.kapal.apiserver.strategy.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Problem;
import java.util.HashSet;
import java.util.List;

/// What the status of a job can say: it ends once, and what has ended stays so. A rule holds for the
/// writes that change what it is about, so that what is wrong already hinders no other change. Source: batch/v1 API
/// reference, JobStatus.
final class JobStatusRules {
    private static final String CONDITIONS = "status.conditions";
    private static final String COMPLETE = "Complete";
    private static final String FAILED = "Failed";
    private static final String SUCCESS = "SuccessCriteriaMet";
    private static final String FAILURE = "FailureTarget";
    private static final String SUSPENDED = "Suspended";

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
            problems.notNegative("status." + field, rules.number(field));
        }
        rules.checkUncounted();
        rules.checkComplete();
        rules.checkTimes();
        rules.checkReasons();
        rules.checkEnd();
        rules.checkIndexes();
        rules.checkPods();
        rules.checkSuccess();
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

    private void checkComplete() {
        if ((changes(COMPLETE) || changes(FAILED)) && is(COMPLETE) && is(FAILED)) {
            refuse("cannot set Complete=True and Failed=true conditions");
        }
        if ((changes(COMPLETE) || changes(FAILURE)) && is(COMPLETE) && is(FAILURE)) {
            refuse("cannot set Complete=True and FailureTarget=true conditions");
        }
    }

    private void checkReasons() {
        if ((changes(FAILED) || isOther("failedIndexes")) && is(FAILED) && !is(FAILURE)) {
            refuse("cannot set Failed=True condition without the FailureTarget=true condition");
        }
        if ((changes(COMPLETE) || changes(SUCCESS)) && is(COMPLETE) && !is(SUCCESS)) {
            refuse("cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        }
    }

    private void checkSuccess() {
        if (is(SUCCESS) && is(FAILED)) {
            refuse("cannot set SuccessCriteriaMet=True and Failed=true conditions");
        }
        if (is(SUCCESS) && is(FAILURE)) {
            refuse("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        }
        if (spec.has("successPolicy") && !is(SUCCESS) && is(COMPLETE)) {
            refuse("cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
        }
    }

    private void refuse(String why) {
        problems.invalid(CONDITIONS, Problem.OMITTED, why);
    }

    private void checkTimes() {
        boolean ends = changes(COMPLETE) || isOther("completionTime");
        if (ends && status.has("completionTime") && !is(COMPLETE)) {
            problems.invalid(
                    "status.completionTime",
                    status.get("completionTime"),
                    "cannot set completionTime when there is no Complete=True condition");
        }
        if (ends && !status.has("completionTime") && is(COMPLETE)) {
            problems.required("status.completionTime", "completionTime is required for Complete jobs");
        }
        var start = status.path("startTime").asText("");
        var end = status.path("completionTime").asText("");
        boolean moved = isOther("startTime") || isOther("completionTime");
        if (moved && !start.isEmpty() && !end.isEmpty() && end.compareTo(start) < 0) {
            problems.invalid("status.completionTime", end, "must be equal to or after `startTime`");
        }
    }

    private void checkEnd() {
        if (!is(COMPLETE) && !is(FAILED)) {
            return;
        }
        boolean ends = !isTrue(before, COMPLETE) && !isTrue(before, FAILED);
        if ((ends || isOther("active")) && number("active") > 0) {
            problems.invalid("status.active", status.get("active"), "active>0 is invalid for finished job");
        }
        boolean never = spec.path("suspend").asBoolean(false)
                && spec.path("completions").asLong(-1) == 0;
        if ((ends || isOther("startTime")) && !status.has("startTime") && !never) {
            problems.required("status.startTime", "startTime is required for finished job");
        }
        var uncounted = status.path("uncountedTerminatedPods");
        boolean counted = uncounted.path("failed").isEmpty()
                && uncounted.path("succeeded").isEmpty();
        if ((ends || isOther("uncountedTerminatedPods")) && !counted) {
            problems.invalid(
                    "status.uncountedTerminatedPods",
                    GoStruct.of(uncounted, "Succeeded? Failed?"),
                    "must be empty for finished job");
        }
    }

    private void checkIndexes() {
        var completed = status.path("completedIndexes").asText("");
        var failed = status.path("failedIndexes").asText("");
        boolean completes = isOther("completedIndexes");
        boolean fails = isOther("failedIndexes");
        boolean bounded = spec.has("completions");
        boolean perIndex = spec.has("backoffLimitPerIndex");
        if (completes && bounded) {
            checkFormat("completedIndexes", completed);
        }
        if (fails && bounded && perIndex && status.has("failedIndexes")) {
            checkFormat("failedIndexes", failed);
        }
        boolean indexed = spec.path("completionMode").asText("").equals("Indexed");
        if (completes && !completed.isEmpty() && !indexed) {
            problems.invalid(
                    "status.completedIndexes",
                    completed,
                    "cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (fails && status.has("failedIndexes") && !perIndex) {
            problems.invalid(
                    "status.failedIndexes",
                    failed,
                    "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        if ((completes || fails) && bounded) {
            JobIndexes.common(completed, failed, spec.get("completions").asLong())
                    .ifPresent(index -> problems.invalid(
                            "status.failedIndexes",
                            failed,
                            "failedIndexes and completedIndexes overlap at index: " + index));
        }
    }

    private void checkFormat(String field, String text) {
        try {
            JobIndexes.count(text, spec.get("completions").asLong());
        } catch (IllegalArgumentException malformed) {
            problems.invalid("status." + field, text, "error parsing " + field + ": " + malformed.getMessage());
        }
    }

    private void checkPods() {
        boolean over = is(COMPLETE) || is(FAILED);
        boolean ends = over && !isTrue(before, COMPLETE) && !isTrue(before, FAILED);
        if (over && (ends || isOther("terminating")) && number("terminating") > 0) {
            problems.invalid(
                    "status.terminating", status.get("terminating"), "terminating>0 is invalid for finished job");
        }
        if ((isOther("ready") || isOther("active")) && number("ready") > number("active")) {
            problems.invalid("status.ready", status.get("ready"), "cannot set more ready pods than active");
        }
    }

    private void checkKept() {
        for (var type : List.of(FAILED, COMPLETE, FAILURE)) {
            if (isTrue(before, type) && !is(type)) {
                refuse("cannot disable the terminal " + type + "=True condition");
            }
        }
        checkCount("failed");
        boolean elastic = spec.path("completionMode").asText("").equals("Indexed")
                && spec.path("completions").equals(spec.path("parallelism"));
        if (!elastic) {
            checkCount("succeeded");
        }
        if (before.has("completionTime") && status.has("completionTime") && isOther("completionTime")) {
            problems.invalid("status.completionTime", status.get("completionTime"), Problems.IMMUTABLE);
        }
        boolean resumes = isTrue(before, SUSPENDED) && isFalse(SUSPENDED);
        boolean suspended = spec.path("suspend").asBoolean(false);
        if (before.has("startTime") && isOther("startTime") && !resumes && !suspended) {
            problems.required("status.startTime", "startTime cannot be removed for unsuspended job");
        }
        if (isTrue(before, SUCCESS) && !is(SUCCESS)) {
            refuse("cannot disable the SuccessCriteriaMet=True condition");
        }
        if (isTrue(before, COMPLETE) && !isTrue(before, SUCCESS) && is(SUCCESS)) {
            refuse("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
        }
    }

    private void checkCount(String field) {
        if (number(field) < before.path(field).asLong(0)) {
            problems.invalid("status." + field, number(field), "cannot decrease the " + field + " counter");
        }
    }

    private long number(String field) {
        return status.path(field).asLong(0);
    }

    private boolean isOther(String field) {
        return !status.path(field).equals(before.path(field));
    }

    private boolean changes(String type) {
        return is(type) != isTrue(before, type);
    }

    private boolean is(String type) {
        return isTrue(status, type);
    }

    private boolean isFalse(String type) {
        return has(status, type, "False");
    }

    private static boolean isTrue(JsonNode status, String type) {
        return has(status, type, "True");
    }

    private static boolean has(JsonNode status, String type, String value) {
        for (var condition : status.path("conditions")) {
            if (condition.path("type").asText("").equals(type)) {
                return condition.path("status").asText("").equals(value);
            }
        }
        return false;
    }
}
