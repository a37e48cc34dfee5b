package dev.kapal.apiserver.strategy.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AlphaFields;
import dev.kapal.apiserver.strategy.Copies;
import dev.kapal.apiserver.strategy.DisabledFields;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.IntOrPercent;
import dev.kapal.apiserver.strategy.PodWarnings;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.apiserver.strategy.WorkloadRules;
import dev.kapal.apiserver.strategy.storage.ClaimWarnings;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Pods with names and volumes of their own: most of the specification is fixed, because both outlive a pod.
final class StatefulSetStrategy implements Strategy {
    private static final String ROLLING = "Partition# MaxUnavailable?";
    private static final List<String> CHANGEABLE = List.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");
    private static final String TEMPLATE = "/spec/template";
    /// Source: Kubernetes feature gate MaxUnavailableStatefulSet.
    private static final DisabledFields MAX_UNAVAILABLE =
            DisabledFields.of("spec.updateStrategy.rollingUpdate.maxUnavailable");

    private static final List<String> RETENTION = List.of("Delete", "Retain");

    @Override
    public void onCreate(ObjectNode incoming) {
        AlphaFields.drop(incoming.at(TEMPLATE));
        MAX_UNAVAILABLE.drop(incoming);
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        AlphaFields.drop(incoming.at(TEMPLATE), stored.at(TEMPLATE));
        MAX_UNAVAILABLE.drop(incoming, stored);
    }

    @Override
    public List<String> nameProblems(String name) {
        return Names.dns1123Label(name);
    }

    @Override
    public void check(ObjectNode set, Optional<ObjectNode> stored, Problems problems) {
        var spec = set.path("spec");
        checkManagement(spec.path("podManagementPolicy").asText(""), problems);
        checkStrategy(spec.path("updateStrategy"), problems);
        checkRetention(spec.path("persistentVolumeClaimRetentionPolicy"), problems);
        var service = spec.path("serviceName").asText("");
        if (stored.isEmpty() && !service.isEmpty()) { // the pods' subdomain
            problems.invalid("spec.serviceName", service, Names.dns1123Label(service));
        }
        problems.notNegative("spec.replicas", spec.path("replicas").asLong());
        problems.notNegative(
                "spec.minReadySeconds", spec.path("minReadySeconds").asLong());
        problems.notNegative(
                "spec.ordinals.start", spec.path("ordinals").path("start").asLong());
        WorkloadRules.checkSelector(spec, "statefulset", problems);
        WorkloadRules.checkTemplate(spec, "StatefulSet", problems);
        stored.ifPresent(before -> checkKept(spec, before.path("spec"), problems));
    }

    private static void checkManagement(String policy, Problems problems) {
        var path = "spec.podManagementPolicy";
        switch (policy) {
            case "OrderedReady", "Parallel" -> {}
            case "" -> problems.required(path, "");
            default -> problems.invalid(path, policy, "must be 'OrderedReady' or 'Parallel'");
        }
    }

    private static void checkStrategy(JsonNode strategy, Problems problems) {
        var path = "spec.updateStrategy";
        switch (strategy.path("type").asText("")) {
            case "" -> problems.required(path, "");
            case "OnDelete" -> {
                if (strategy.has("rollingUpdate")) {
                    problems.invalid(
                            path + ".rollingUpdate",
                            GoStruct.of(strategy.get("rollingUpdate"), ROLLING),
                            "only allowed for updateStrategy 'RollingUpdate'");
                }
            }
            case "RollingUpdate" -> {
                var update = strategy.path("rollingUpdate");
                problems.notNegative(
                        path + ".rollingUpdate.partition",
                        update.path("partition").asLong());
                checkUnavailable(path + ".rollingUpdate.maxUnavailable", update.path("maxUnavailable"), problems);
            }
            default ->
                problems.invalid(
                        path,
                        GoStruct.of(strategy, "Type RollingUpdate?{" + ROLLING + "}"),
                        "must be 'RollingUpdate' or 'OnDelete'");
        }
    }

    private static void checkUnavailable(String path, JsonNode unavailable, Problems problems) {
        IntOrPercent.checkNotNegative(path, unavailable, problems);
        if (!unavailable.isMissingNode() && IntOrPercent.isZero(unavailable)) {
            problems.invalid(path, unavailable, "cannot be 0");
        }
        IntOrPercent.checkNotOverAll(path, unavailable, problems);
    }

    private static void checkRetention(JsonNode retention, Problems problems) {
        for (var field : List.of("whenDeleted", "whenScaled")) {
            var policy = retention.path(field).asText("");
            if (!retention.isMissingNode() && !RETENTION.contains(policy)) {
                problems.notSupported("spec.persistentVolumeClaimRetentionPolicy." + field, policy, RETENTION);
            }
        }
    }

    private static void checkKept(JsonNode spec, JsonNode before, Problems problems) {
        var leveled = (ObjectNode) spec.deepCopy();
        CHANGEABLE.forEach(field -> Copies.field(field, (ObjectNode) before, leveled));
        if (!leveled.equals(before)) {
            problems.forbidden(
                    "spec",
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
                            + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and"
                            + " 'minReadySeconds' are forbidden");
        }
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var status = candidate.path("status");
        for (var field : List.of(
                "replicas",
                "readyReplicas",
                "currentReplicas",
                "updatedReplicas",
                "availableReplicas",
                "observedGeneration")) {
            problems.notNegative("status." + field, status.path(field).asLong());
        }
        for (var field : List.of("readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas")) {
            WorkloadRules.checkNotMore(field, "replicas", "status.replicas", status, problems);
        }
        WorkloadRules.checkNotMore("availableReplicas", "readyReplicas", "status.readyReplicas", status, problems);
        WorkloadRules.checkCollisions(status, stored.path("status"), problems);
    }

    @Override
    public List<String> warnings(ObjectNode set) {
        var warnings = ofTemplate(set);
        warnings.addAll(ofRest(set, ""));
        return warnings;
    }

    /// Upstream writes the path of claims in another way here.
    @Override
    public List<String> warnings(ObjectNode set, ObjectNode stored) {
        var warnings = asksForSame(set, stored) ? new ArrayList<String>() : ofTemplate(set);
        warnings.addAll(ofRest(set, ".Spec"));
        return warnings;
    }

    private static List<String> ofTemplate(ObjectNode set) {
        return new ArrayList<>(PodWarnings.ofTemplate("spec.template", set.at(TEMPLATE)));
    }

    private static List<String> ofRest(ObjectNode set, String below) {
        var warnings = new ArrayList<String>();
        var spec = set.path("spec");
        var claims = spec.path("volumeClaimTemplates");
        for (int i = 0; i < claims.size(); i++) {
            var path = Problems.at("spec.volumeClaimTemplates", i) + below;
            warnings.addAll(ClaimWarnings.of(path, claims.get(i).path("spec")));
        }
        if (spec.path("revisionHistoryLimit").asLong() < 0) {
            warnings.add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is"
                    + " recommended");
        }
        return warnings;
    }
}
