package dev.kapal.apiserver.strategy.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AlphaFields;
import dev.kapal.apiserver.strategy.Copies;
import dev.kapal.apiserver.strategy.GatedPodRules;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.PodWarnings;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Names;
import dev.kapal.model.codec.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Pods that run to their end. A job selects its pods by its own uid; once it has started its template is fixed.
final class JobStrategy implements Strategy {
    private static final List<String> FIXED =
            List.of("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy");
    private static final Map<String, String> SHAPES = Map.of(
            "podFailurePolicy",
            "Rules[Action OnExitCodes?{ContainerName? Operator Values?} OnPodConditions?[Type Status]]",
            "successPolicy",
            SuccessRules.SHAPE);
    private static final String TEMPLATE = "/spec/template";
    private static final List<String> DIRECTIVES = List.of("nodeSelector", "tolerations", "schedulingGates");

    @Override
    public void onCreate(ObjectNode incoming) {
        AlphaFields.drop(incoming.at(TEMPLATE));
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        AlphaFields.drop(incoming.at(TEMPLATE), stored.at(TEMPLATE));
    }

    @Override
    public void onNamed(ObjectNode job) {
        JobSelector.generate(job);
    }

    @Override
    public void check(ObjectNode job, Optional<ObjectNode> stored, Problems problems) {
        var spec = job.path("spec");
        if (stored.isEmpty()) {
            JobSelector.check(job, problems);
        }
        JobRules.check("spec", spec, problems);
        JobRules.checkSelector(spec, problems);
        if (stored.isEmpty()) {
            checkHostNames(job, problems);
        }
        stored.ifPresent(before -> checkUpdate(spec, before, problems));
    }

    /// The pods of an indexed job are called after it, with their number.
    private static void checkHostNames(ObjectNode job, Problems problems) {
        var spec = job.path("spec");
        long completions = spec.path("completions").asLong(0);
        if (!spec.path("completionMode").asText("").equals("Indexed") || completions <= 0) {
            return;
        }
        var name = job.path("metadata").path("name").asText("");
        var longest = name + "-" + (completions - 1);
        if (!Names.dns1123Label(longest).isEmpty()) {
            problems.invalid("metadata.name", name, "will not able to create pod with invalid DNS label: " + longest);
        }
    }

    private static void checkUpdate(JsonNode spec, ObjectNode stored, Problems problems) {
        var before = stored.path("spec");
        checkCompletions(spec, before, problems);
        if (!spec.path("selector").equals(before.path("selector"))) {
            problems.invalid("spec.selector", spec.path("selector"), Problems.IMMUTABLE);
        }
        boolean unstarted = before.path("suspend").asBoolean(false)
                && !stored.path("status").has("startTime");
        var template = spec.path("template");
        var leveled = unstarted ? withDirectives(template, before.path("template")) : template;
        if (!leveled.equals(before.path("template"))) {
            problems.invalid("spec.template", template, Problems.IMMUTABLE);
        }
        for (var field : FIXED) {
            if (!spec.path(field).equals(before.path(field))) {
                problems.invalid("spec." + field, shown(spec, field), Problems.IMMUTABLE);
            }
        }
    }

    private static Object shown(JsonNode spec, String field) {
        var shape = SHAPES.get(field);
        return !spec.has(field) ? null : shape == null ? spec.get(field) : GoStruct.of(spec.get(field), shape);
    }

    /// An indexed job may grow and shrink as long as all its pods may run at once.
    private static void checkCompletions(JsonNode spec, JsonNode before, Problems problems) {
        if (spec.path("completions").equals(before.path("completions"))) {
            return;
        }
        boolean elastic = spec.path("completionMode").asText("").equals("Indexed")
                && spec.has("completions")
                && before.has("completions");
        if (!elastic) {
            problems.invalid("spec.completions", shown(spec, "completions"), Problems.IMMUTABLE);
        } else if (!spec.path("completions").equals(spec.path("parallelism"))
                || !before.path("completions").equals(before.path("parallelism"))) {
            problems.invalid(
                    "spec.completions",
                    spec.get("completions"),
                    "can only be modified in tandem with spec.parallelism");
        }
    }

    /// `template` with what may change before the first start as it was.
    private static JsonNode withDirectives(JsonNode template, JsonNode before) {
        var leveled = (ObjectNode) template.deepCopy();
        var metadata = leveled.withObjectProperty("metadata");
        for (var field : List.of("labels", "annotations")) {
            Copies.field(field, (ObjectNode) before.path("metadata"), metadata);
        }
        var spec = leveled.withObjectProperty("spec");
        for (var field : DIRECTIVES) {
            Copies.field(field, (ObjectNode) before.path("spec"), spec);
        }
        GatedPodRules.levelNodeAffinity(spec, (ObjectNode) before.path("spec")); // only what it says of nodes
        return leveled;
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        JobStatusRules.check(candidate, stored, problems);
    }

    @Override
    public List<String> warnings(ObjectNode job) {
        var warnings = new ArrayList<>(PodWarnings.ofOwnerName(job));
        warnings.addAll(ofSpec(job.path("spec")));
        return warnings;
    }

    private static List<String> ofSpec(JsonNode spec) {
        var warnings = new ArrayList<>(PodWarnings.ofTemplate("spec.template", spec.path("template")));
        if (spec.path("completionMode").asText("").equals("Indexed")
                && spec.path("completions").asLong(0) > 100_000
                && spec.path("parallelism").asLong(0) > 10_000) {
            warnings.add(
                    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than"
                            + " 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail");
        }
        return warnings;
    }

    @Override
    public List<String> warnings(ObjectNode job, ObjectNode stored) {
        return asksForSame(job, stored) ? List.of() : ofSpec(job.path("spec"));
    }

    @Override
    public boolean orphansByDefault() {
        return true;
    }

    @Override
    public List<String> deleteWarnings() {
        return List.of("child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to"
                + " remove them or set propagationPolicy=Orphan to suppress this warning");
    }

    @Override
    public Set<String> selectable() {
        return Set.of("status.successful");
    }

    @Override
    public String notSelectable(GroupVersionKind kind, String field) {
        return "field label " + GoText.quote(field) + " not supported for batchv1.Job";
    }

    @Override
    public Map<String, String> fields(ObjectNode job) {
        return Map.of(
                "status.successful",
                Integer.toString(job.path("status").path("succeeded").asInt(0)));
    }
}
