package dev.kapal.apiserver.strategy.registration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import java.util.List;

/// What a policy changes: each of its mutations in one of two ways. Source: admissionregistration.k8s.io API reference,
/// Mutation.
final class MutationRules {
    private static final List<String> PATCH_TYPES = List.of("ApplyConfiguration", "JSONPatch");

    private MutationRules() {}

    /// @param spec of a policy that mutates
    static void check(JsonNode spec, Problems problems) {
        if (spec.path("mutations").isEmpty()) {
            problems.required("spec.mutations", "mutations must contain at least one item");
        }
        var reinvocation = spec.path("reinvocationPolicy");
        if (reinvocation.asText("").isEmpty()) {
            problems.required("spec.reinvocationPolicy", "");
        } else {
            MatchRules.supported("spec.reinvocationPolicy", reinvocation, MatchRules.REINVOCATIONS, problems);
        }
        int index = 0;
        for (var mutation : spec.path("mutations")) {
            var path = Problems.at("spec.mutations", index++);
            var type = mutation.path("patchType").asText("");
            if (type.isEmpty()) {
                problems.required(path + ".patchType", "");
            } else if (!PATCH_TYPES.contains(type)) {
                problems.notSupported(path + ".patchType", type, PATCH_TYPES);
            } else {
                boolean applies = type.equals("ApplyConfiguration");
                checkPatch(path, mutation, applies ? "applyConfiguration" : "jsonPatch", type, problems);
                if (mutation.has(applies ? "jsonPatch" : "applyConfiguration")) {
                    problems.invalid(
                            path + (applies ? ".jsonPatch" : ".applyConfiguration"),
                            "{}",
                            "not allowed when patchType is " + type);
                }
            }
        }
    }

    private static void checkPatch(String path, JsonNode mutation, String field, String type, Problems problems) {
        if (!mutation.has(field)) {
            problems.required(path + "." + field, "must be specified when patchType is " + type);
        } else if (mutation.path(field).path("expression").asText("").isBlank()) {
            problems.required(path + "." + field + ".expression", "expression is not specified");
        }
    }
}
