package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.strategy.LabelRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What must hold for every object's metadata, with upstream's messages. Source: API conventions, metadata.
final class MetaRules {
    private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", Meta.ORPHAN, Meta.FOREGROUND);

    private MetaRules() {}

    /// @param namespaced whether objects of the kind have a namespace
    static void check(Meta meta, boolean namespaced, Strategy strategy, Problems problems) {
        checkName(meta, strategy, problems);
        if (namespaced) {
            if (meta.namespace().isEmpty()) {
                problems.required("metadata.namespace", "");
            } else {
                problems.invalid("metadata.namespace", meta.namespace(), Names.dns1123Label(meta.namespace()));
            }
        } else if (!meta.namespace().isEmpty()) {
            problems.forbidden("metadata.namespace", "not allowed on this type");
        }
        if (meta.generation() < 0) {
            problems.invalid("metadata.generation", meta.generation(), "must be greater than or equal to 0");
        }
        LabelRules.checkLabels("metadata.labels", meta.labels(), problems);
        LabelRules.checkAnnotations("metadata.annotations", meta.annotations(), problems);
        checkOwners(meta.node().path("ownerReferences"), problems);
        checkFinalizers(meta, strategy.limitsFinalizers(), problems);
    }

    /// What an update must leave alone.
    static void checkUpdate(Meta meta, Meta stored, Problems problems) {
        if (stored.isDeleting()) {
            var added = new ArrayList<>(meta.finalizers());
            added.removeAll(stored.finalizers());
            if (!added.isEmpty()) {
                problems.forbidden(
                        "metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new finalizers "
                                + goStrings(added));
            }
        }
        if (meta.generation() < stored.generation()) {
            problems.invalid("metadata.generation", meta.generation(), "must not be decremented");
        }
        unchanged("name", meta, stored, problems);
        unchanged("namespace", meta, stored, problems);
        unchanged("uid", meta, stored, problems);
        unchanged("creationTimestamp", meta, stored, problems);
        unchanged("deletionTimestamp", meta, stored, problems);
        unchanged("deletionGracePeriodSeconds", meta, stored, problems);
    }

    private static void checkName(Meta meta, Strategy strategy, Problems problems) {
        var base = meta.generateName();
        if (!base.isEmpty()) {
            // the five characters that will follow make a trailing dash or dot fine
            var asName = base.endsWith("-") || base.endsWith(".") ? base.substring(0, base.length() - 1) + "a" : base;
            problems.invalid("metadata.generateName", base, strategy.nameProblems(asName));
        }
        if (meta.name().isEmpty()) {
            problems.required("metadata.name", "name or generateName is required");
        } else {
            problems.invalid("metadata.name", meta.name(), strategy.nameProblems(meta.name()));
        }
    }

    private static void checkOwners(JsonNode owners, Problems problems) {
        var path = "metadata.ownerReferences";
        JsonNode controller = null;
        for (var owner : owners) {
            if (owner.path("apiVersion").asText("").isEmpty()) {
                problems.invalid(
                        path + ".apiVersion", owner.path("apiVersion").asText(""), "version must not be empty");
            }
            for (var field : List.of("kind", "name", "uid")) {
                if (owner.path(field).asText("").isEmpty()) {
                    problems.invalid(path + "." + field, "", "must not be empty");
                }
            }
            if (owner.path("kind").asText().equals("Event")
                    && owner.path("apiVersion").asText().equals("v1")) {
                problems.invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner");
            }
            if (owner.path("controller").asBoolean()) {
                if (controller != null) {
                    problems.invalid(
                            path,
                            owners,
                            "Only one reference can have Controller set to true. Found \"true\" in references for "
                                    + named(controller) + " and " + named(owner));
                }
                controller = owner;
            }
        }
    }

    private static String named(JsonNode owner) {
        return owner.path("kind").asText() + "/" + owner.path("name").asText();
    }

    private static void checkFinalizers(Meta meta, boolean limited, Problems problems) {
        var finalizers = meta.finalizers();
        for (var finalizer : finalizers) {
            var details = Names.qualifiedName(finalizer);
            problems.invalid("metadata.finalizers", finalizer, details);
            if (limited
                    && details.isEmpty()
                    && finalizer.indexOf('/') < 0
                    && !STANDARD_FINALIZERS.contains(finalizer)) {
                problems.invalid(
                        "metadata.finalizers",
                        finalizer,
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
        if (finalizers.contains(Meta.ORPHAN) && finalizers.contains(Meta.FOREGROUND)) {
            problems.invalid(
                    "metadata.finalizers",
                    goStrings(finalizers),
                    "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }

    private static void unchanged(String field, Meta meta, Meta stored, Problems problems) {
        var now = meta.node().path(field);
        var before = stored.node().path(field);
        if (!now.asText("").equals(before.asText(""))) {
            problems.invalid("metadata." + field, now.isMissingNode() ? "" : now, Problems.IMMUTABLE);
        }
    }

    /// As upstream prints a list of strings: `[]string{"a", "b"}`.
    private static String goStrings(List<String> values) {
        return "[]string{"
                + String.join(", ", values.stream().map(v -> '"' + v + '"').toList()) + "}";
    }
}
