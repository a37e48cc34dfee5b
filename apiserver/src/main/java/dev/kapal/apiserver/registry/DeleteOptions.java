package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.GoNumber;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// How to delete. Immutable; read from the body or, without one, from the query.
///
/// @param uid what the object's uid must be
/// @param resourceVersion what the object's version must be
/// @param orphanDependents the old form of the policy
record DeleteOptions(
        OptionalLong gracePeriodSeconds,
        Optional<String> uid,
        Optional<String> resourceVersion,
        Optional<Policy> policy,
        Optional<Boolean> orphanDependents,
        boolean dryRun) {

    /// What becomes of the dependents.
    enum Policy {
        ORPHAN,
        BACKGROUND,
        FOREGROUND
    }

    static final DeleteOptions NONE = new DeleteOptions(
            OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

    private static final GroupVersionKind KIND = new GroupVersionKind("", "v1", "DeleteOptions");
    private static final GroupVersionKind META_KIND = new GroupVersionKind("meta.k8s.io", "v1", "DeleteOptions");
    private static final Set<String> POLICIES = Set.of("Orphan", "Background", "Foreground");

    static DeleteOptions of(Call call) {
        boolean fromBody = BodyReader.body(call).length > 0;
        var document = fromBody ? BodyReader.decode(call, KIND).document() : fromQuery(call.query());
        if (fromBody && !document.path("kind").asText(KIND.kind()).equals(KIND.kind())) {
            throw ApiException.badRequest("decoded object cannot be converted to DeleteOptions");
        }
        var problems = new Problems();
        boolean dryRun = DryRun.of(call.query(), problems);
        if (!problems.isEmpty()) {
            throw ApiException.invalid(META_KIND, "", problems.found());
        }
        return of(document, dryRun);
    }

    /// @param dryRun whether the request says so, too
    static DeleteOptions of(ObjectNode document, boolean dryRun) {
        check(document);
        var policy = document.path("propagationPolicy").asText("");
        return new DeleteOptions(
                seconds(document.path("gracePeriodSeconds")),
                text(document.path("preconditions").path("uid")),
                text(document.path("preconditions").path("resourceVersion")),
                policy.isEmpty() ? Optional.empty() : Optional.of(policy(policy)),
                document.path("orphanDependents").isBoolean()
                        ? Optional.of(document.path("orphanDependents").asBoolean())
                        : Optional.empty(),
                dryRun || !document.path("dryRun").isEmpty());
    }

    /// As admission shows them.
    ObjectNode document() {
        var document = Documents.object().put("kind", META_KIND.kind()).put("apiVersion", META_KIND.apiVersion());
        gracePeriodSeconds.ifPresent(seconds -> document.put("gracePeriodSeconds", seconds));
        if (uid.isPresent() || resourceVersion.isPresent()) {
            var preconditions = document.putObject("preconditions");
            uid.ifPresent(value -> preconditions.put("uid", value));
            resourceVersion.ifPresent(value -> preconditions.put("resourceVersion", value));
        }
        orphanDependents.ifPresent(orphan -> document.put("orphanDependents", orphan));
        policy.ifPresent(value -> document.put("propagationPolicy", text(value)));
        if (dryRun) {
            document.putArray("dryRun").add("All");
        }
        return document;
    }

    private static String text(Policy policy) {
        return switch (policy) {
            case ORPHAN -> "Orphan";
            case BACKGROUND -> "Background";
            case FOREGROUND -> "Foreground";
        };
    }

    private static Policy policy(String text) {
        return switch (text) {
            case "Orphan" -> Policy.ORPHAN;
            case "Foreground" -> Policy.FOREGROUND;
            default -> Policy.BACKGROUND;
        };
    }

    private static OptionalLong seconds(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return OptionalLong.empty();
        }
        if (!node.canConvertToLong()) {
            throw ApiException.badRequest(
                    "json: cannot unmarshal into Go struct field DeleteOptions.gracePeriodSeconds of type int64");
        }
        return OptionalLong.of(node.asLong());
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
    }

    private static ObjectNode fromQuery(RequestInfo.Query query) {
        var document = Documents.object();
        var grace = query.first("gracePeriodSeconds");
        if (!grace.isEmpty()) {
            try {
                document.put("gracePeriodSeconds", GoNumber.parseInt(grace));
            } catch (NumberFormatException malformed) {
                throw ApiException.badRequest(malformed.getMessage());
            }
        }
        if (!query.values("propagationPolicy").isEmpty()) {
            document.put("propagationPolicy", query.first("propagationPolicy"));
        }
        if (!query.values("orphanDependents").isEmpty()) {
            document.put("orphanDependents", query.isTrue("orphanDependents"));
        }
        return document;
    }

    private static void check(ObjectNode document) {
        var problems = new Problems();
        var policy = document.path("propagationPolicy").asText("");
        if (!policy.isEmpty() && document.path("orphanDependents").isBoolean()) {
            problems.invalid(
                    "propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set");
        }
        if (!policy.isEmpty() && !POLICIES.contains(policy)) {
            problems.notSupported("propagationPolicy", policy, List.of("Foreground", "Background", "Orphan", "nil"));
        }
        DryRun.check(document.path("dryRun"), problems);
        if (!problems.isEmpty()) {
            throw ApiException.invalid(META_KIND, "", problems.found());
        }
    }
}
