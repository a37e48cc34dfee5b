package dev.kapal.apiserver.strategy.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AlphaFields;
import dev.kapal.apiserver.strategy.PodWarnings;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.schedule.CronSchedule;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Jobs by the clock. The name leaves room for the time that the names of its jobs end in.
final class CronJobStrategy implements Strategy {
    private static final int NAME_LENGTH = 52;
    private static final String TEMPLATE = "/spec/jobTemplate/spec/template";
    private static final List<String> CONCURRENCY = List.of("Allow", "Forbid", "Replace");

    @Override
    public void onCreate(ObjectNode incoming) {
        AlphaFields.drop(incoming.at(TEMPLATE));
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        AlphaFields.drop(incoming.at(TEMPLATE), stored.at(TEMPLATE));
    }

    @Override
    public void check(ObjectNode job, Optional<ObjectNode> stored, Problems problems) {
        var name = job.path("metadata").path("name").asText("");
        if (stored.isEmpty() && name.length() > NAME_LENGTH) {
            problems.invalid("metadata.name", name, "must be no more than 52 characters");
        }
        var spec = job.path("spec");
        checkSchedule(spec, stored, problems);
        problems.notNegative(
                "spec.startingDeadlineSeconds",
                spec.path("startingDeadlineSeconds").asLong(0));
        if (spec.has("timeZone") && (stored.isEmpty() || differs(spec, stored.get(), "timeZone"))) {
            checkZone(spec.get("timeZone").asText(), problems);
        }
        problems.oneOf("spec.concurrencyPolicy", spec.path("concurrencyPolicy").asText(""), CONCURRENCY);
        checkTemplate(spec.path("jobTemplate").path("spec"), problems);
        for (var field : List.of("successfulJobsHistoryLimit", "failedJobsHistoryLimit")) {
            problems.notNegative("spec." + field, spec.path(field).asLong(0));
        }
    }

    private static boolean differs(JsonNode spec, ObjectNode stored, String field) {
        return !spec.path(field).equals(stored.path("spec").path(field));
    }

    private static void checkSchedule(JsonNode spec, Optional<ObjectNode> stored, Problems problems) {
        var schedule = spec.path("schedule").asText("");
        if (schedule.isEmpty()) {
            problems.required("spec.schedule", "");
            return;
        }
        try {
            CronSchedule.parse(schedule);
        } catch (IllegalArgumentException malformed) {
            problems.invalid("spec.schedule", schedule, malformed.getMessage());
        }
        boolean kept = stored.isPresent()
                && stored.get().path("spec").path("schedule").asText("").contains("TZ");
        if (schedule.contains("TZ") && spec.has("timeZone")) {
            problems.invalid("spec.schedule", schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
        } else if (schedule.contains("TZ") && !kept) {
            problems.invalid(
                    "spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
    }

    private static void checkZone(String zone, Problems problems) {
        if (zone.isEmpty()) {
            problems.invalid("spec.timeZone", zone, "timeZone must be nil or non-empty string");
            return;
        }
        if (zone.toLowerCase(Locale.ROOT).equals("local")) {
            problems.invalid(
                    "spec.timeZone",
                    zone,
                    "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        }
        if (!exists(zone)) {
            problems.invalid("spec.timeZone", zone, "unknown time zone " + zone);
        }
    }

    private static boolean exists(String zone) {
        try {
            return ZoneId.getAvailableZoneIds().contains(ZoneId.of(zone).getId());
        } catch (DateTimeException unknown) {
            return false;
        }
    }

    private static void checkTemplate(JsonNode job, Problems problems) {
        var path = "spec.jobTemplate.spec";
        JobRules.check(path, job, problems);
        if (job.has("selector")) {
            problems.invalid(path + ".selector", job.get("selector"), "`selector` will be auto-generated");
        }
        if (job.path("manualSelector").asBoolean(false)) {
            problems.notSupported(path + ".manualSelector", true, List.of("nil", "false"));
        }
    }

    @Override
    public List<String> warnings(ObjectNode job) {
        var warnings = new ArrayList<>(PodWarnings.ofOwnerName(job));
        warnings.addAll(ofSpec(job.path("spec")));
        return warnings;
    }

    private static List<String> ofSpec(JsonNode spec) {
        var warnings = new ArrayList<>(PodWarnings.ofTemplate(
                "spec.jobTemplate.spec.template",
                spec.path("jobTemplate").path("spec").path("template")));
        if (spec.path("schedule").asText("").contains("TZ")) {
            warnings.add("CRON_TZ or TZ used in spec.schedule is not officially supported, see"
                    + " https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
        }
        return warnings;
    }

    @Override
    public List<String> warnings(ObjectNode job, ObjectNode stored) {
        return asksForSame(job, stored) ? List.of() : ofSpec(job.path("spec"));
    }
}
