package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupResource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Workloads other than deployments and replica sets, and what belongs to them.
final class WorkloadPrinters {
    private static final List<String> JOB_STATES = List.of("Suspended", "FailureTarget", "SuccessCriteriaMet");

    private WorkloadPrinters() {}

    static Map<GroupResource, Printer> all() {
        return Map.of(
                new GroupResource("", "replicationcontrollers"), WorkloadPrinters::replicationController,
                new GroupResource("", "podtemplates"), WorkloadPrinters::podTemplate,
                new GroupResource("apps", "daemonsets"), WorkloadPrinters::daemonSet,
                new GroupResource("apps", "statefulsets"), WorkloadPrinters::statefulSet,
                new GroupResource("apps", "controllerrevisions"), WorkloadPrinters::revision,
                new GroupResource("batch", "jobs"), WorkloadPrinters::job,
                new GroupResource("batch", "cronjobs"), WorkloadPrinters::cronJob);
    }

    private static void containers(JsonNode template, ArrayNode cells) {
        var containers = template.path("spec").path("containers");
        cells.add(Cells.each(containers, "name")).add(Cells.each(containers, "image"));
    }

    private static void replicationController(ObjectNode controller, Instant now, ArrayNode cells) {
        var spec = controller.path("spec");
        var status = controller.path("status");
        cells.add(Cells.name(controller))
                .add(spec.path("replicas").asInt(0))
                .add(status.path("replicas").asInt(0))
                .add(status.path("readyReplicas").asInt(0))
                .add(Cells.age(controller, now));
        containers(spec.path("template"), cells);
        cells.add(Cells.labels(spec.path("selector")));
    }

    private static void podTemplate(ObjectNode object, Instant now, ArrayNode cells) {
        var template = object.path("template");
        cells.add(Cells.name(object));
        containers(template, cells);
        cells.add(Cells.labels(template.path("metadata").path("labels")));
    }

    private static void daemonSet(ObjectNode set, Instant now, ArrayNode cells) {
        var spec = set.path("spec");
        var status = set.path("status");
        cells.add(Cells.name(set))
                .add(status.path("desiredNumberScheduled").asInt(0))
                .add(status.path("currentNumberScheduled").asInt(0))
                .add(status.path("numberReady").asInt(0))
                .add(status.path("updatedNumberScheduled").asInt(0))
                .add(status.path("numberAvailable").asInt(0))
                .add(Cells.labels(spec.path("template").path("spec").path("nodeSelector")))
                .add(Cells.age(set, now));
        containers(spec.path("template"), cells);
        cells.add(Cells.selector(spec.path("selector")));
    }

    private static void statefulSet(ObjectNode set, Instant now, ArrayNode cells) {
        var spec = set.path("spec");
        cells.add(Cells.name(set))
                .add(set.path("status").path("readyReplicas").asInt(0) + "/"
                        + spec.path("replicas").asInt(0))
                .add(Cells.age(set, now));
        containers(spec.path("template"), cells);
    }

    private static void revision(ObjectNode revision, Instant now, ArrayNode cells) {
        cells.add(Cells.name(revision))
                .add(controller(revision))
                .add(revision.path("revision").asLong(0))
                .add(Cells.age(revision, now));
    }

    /// `statefulset.apps/web`.
    private static String controller(ObjectNode object) {
        for (var owner : object.path("metadata").path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                var version = owner.path("apiVersion").asText("");
                int slash = version.indexOf('/');
                var group = slash < 0 ? "" : "." + version.substring(0, slash);
                return owner.path("kind").asText("").toLowerCase(Locale.ROOT) + group + "/"
                        + owner.path("name").asText("");
            }
        }
        return Cells.NONE;
    }

    private static void job(ObjectNode job, Instant now, ArrayNode cells) {
        var spec = job.path("spec");
        cells.add(Cells.name(job))
                .add(state(job))
                .add(completions(job))
                .add(duration(job.path("status"), now))
                .add(Cells.age(job, now));
        containers(spec.path("template"), cells);
        cells.add(Cells.selector(spec.path("selector")));
    }

    private static String state(ObjectNode job) {
        if (has(job, "Complete")) {
            return "Complete";
        }
        if (has(job, "Failed")) {
            return "Failed";
        }
        if (job.path("metadata").has("deletionTimestamp")) {
            return "Terminating";
        }
        return JOB_STATES.stream().filter(state -> has(job, state)).findFirst().orElse("Running");
    }

    private static boolean has(ObjectNode job, String condition) {
        for (var known : job.path("status").path("conditions")) {
            if (known.path("type").asText("").equals(condition)) {
                return known.path("status").asText("").equals("True");
            }
        }
        return false;
    }

    private static String completions(ObjectNode job) {
        var spec = job.path("spec");
        int done = job.path("status").path("succeeded").asInt(0);
        if (spec.has("completions")) {
            return done + "/" + spec.get("completions").asInt();
        }
        int parallel = spec.path("parallelism").asInt(0);
        return parallel > 1 ? done + "/1 of " + parallel : done + "/1";
    }

    private static String duration(JsonNode status, Instant now) {
        if (!status.has("startTime")) {
            return "";
        }
        var start = Instant.parse(status.get("startTime").asText());
        var end = status.has("completionTime")
                ? Instant.parse(status.get("completionTime").asText())
                : now;
        return Cells.duration(Duration.between(start, end));
    }

    private static void cronJob(ObjectNode job, Instant now, ArrayNode cells) {
        var spec = job.path("spec");
        var status = job.path("status");
        var template = spec.path("jobTemplate").path("spec");
        cells.add(Cells.name(job))
                .add(spec.path("schedule").asText(""))
                .add(Cells.orNone(spec.path("timeZone")))
                .add(Cells.flag(spec.path("suspend")))
                .add(status.path("active").size())
                .add(status.has("lastScheduleTime") ? Cells.since(status.get("lastScheduleTime"), now) : Cells.NONE)
                .add(Cells.age(job, now));
        containers(template.path("template"), cells);
        cells.add(Cells.selector(template.path("selector")));
    }
}
