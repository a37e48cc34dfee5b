package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Problem;
import dev.kapal.model.codec.GoNumber;
import dev.kapal.model.select.FieldSelector;
import dev.kapal.model.select.LabelSelector;
import dev.kapal.model.select.SelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The query of a list, a watch or a delete of many. Immutable and consistent: what contradicts itself is refused
/// with
/// upstream's words when it is read.
///
/// @param revision empty when the client gave no resourceVersion
/// @param token where to go on
/// @param sendInitialEvents empty when not given
/// @param timeoutSeconds 0 when not given
record ListOptions(
        LabelSelector labels,
        FieldSelector fields,
        Optional<Long> revision,
        Match match,
        long limit,
        Optional<ContinueToken> token,
        boolean allowBookmarks,
        Optional<Boolean> sendInitialEvents,
        long timeoutSeconds) {

    /// How the resourceVersion is meant.
    enum Match {
        UNSET,
        EXACT,
        NOT_OLDER_THAN
    }

    private static final GroupVersionKind KIND = new GroupVersionKind("meta.k8s.io", "v1", "ListOptions");

    static ListOptions of(RequestInfo.Query query, boolean watch) {
        var match = query.first("resourceVersionMatch");
        var version = query.first("resourceVersion");
        var token = query.first("continue");
        var sendInitialEvents = query.values("sendInitialEvents").isEmpty()
                ? Optional.<Boolean>empty()
                : Optional.of(query.isTrue("sendInitialEvents"));
        // upstream reads everything before it looks for contradictions
        var labels = labels(query.first("labelSelector"));
        var fields = fields(query.first("fieldSelector"));
        long limit = number(query, "limit");
        long timeoutSeconds = number(query, "timeoutSeconds");
        var problems = new Problems();
        if (watch) {
            checkWatch(match, token, sendInitialEvents, problems);
        } else {
            checkList(match, version, token, sendInitialEvents, problems);
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(KIND, "", problems.found());
        }
        var start =
                token.isEmpty() || watch ? Optional.<ContinueToken>empty() : Optional.of(ContinueToken.parse(token));
        if (start.isPresent() && !version.isEmpty() && !version.equals("0")) {
            throw ApiException.badRequest("specifying resource version is not allowed when using continue");
        }
        return new ListOptions(
                labels,
                fields,
                version.isEmpty() ? Optional.empty() : Optional.of(watch ? revision(version) : listRevision(version)),
                match(match),
                limit,
                start,
                query.isTrue("allowWatchBookmarks"),
                sendInitialEvents,
                timeoutSeconds);
    }

    private static void checkList(
            String match, String version, String token, Optional<Boolean> sendInitialEvents, Problems problems) {
        if (!match.isEmpty()) {
            if (version.isEmpty()) {
                problems.forbidden(
                        "resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
            }
            if (!token.isEmpty()) {
                problems.forbidden(
                        "resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
            }
            if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
                problems.notSupported("resourceVersionMatch", match, List.of("Exact", "NotOlderThan", ""));
            }
            if (match.equals("Exact") && version.equals("0")) {
                problems.forbidden(
                        "resourceVersionMatch",
                        "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }
        if (sendInitialEvents.isPresent()) {
            problems.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
    }

    private static void checkWatch(String match, String token, Optional<Boolean> sendInitialEvents, Problems problems) {
        if (sendInitialEvents.isPresent() && !match.equals("NotOlderThan")) {
            problems.forbidden(
                    "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (match.isEmpty()) {
            return;
        }
        if (sendInitialEvents.isEmpty()) {
            problems.forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
        if (!match.equals("NotOlderThan")) {
            problems.notSupported("resourceVersionMatch", match, List.of("NotOlderThan"));
        }
        if (!token.isEmpty()) {
            problems.forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
        }
    }

    private static Match match(String text) {
        return switch (text) {
            case "Exact" -> Match.EXACT;
            case "NotOlderThan" -> Match.NOT_OLDER_THAN;
            default -> Match.UNSET;
        };
    }

    private static LabelSelector labels(String text) {
        try {
            return text.isEmpty() ? LabelSelector.EVERYTHING : LabelSelector.parse(text);
        } catch (SelectorException malformed) {
            throw ApiException.badRequest(malformed.getMessage());
        }
    }

    private static FieldSelector fields(String text) {
        try {
            return text.isEmpty() ? FieldSelector.EVERYTHING : FieldSelector.parse(text);
        } catch (SelectorException malformed) {
            throw ApiException.badRequest(malformed.getMessage());
        }
    }

    /// The resourceVersion of a get or a watch. For a malformed one upstream knows no better than 500.
    static long revision(String text) {
        return revision(text, problem -> new ApiException(Status.failure(500, Reason.UNKNOWN, problem)));
    }

    private static long listRevision(String text) {
        return revision(text, problem -> ApiException.badRequest("invalid resource version: " + problem));
    }

    private static long revision(String text, Function<String, ApiException> refusal) {
        try {
            long revision = GoNumber.parseUint(text);
            return revision < 0 ? Long.MAX_VALUE : revision; // nobody reaches either
        } catch (NumberFormatException malformed) {
            throw refusal.apply(Problem.invalid("resourceVersion", text, malformed.getMessage())
                    .message());
        }
    }

    private static long number(RequestInfo.Query query, String name) {
        var text = query.first(name);
        try {
            return text.isEmpty() ? 0 : GoNumber.parseInt(text);
        } catch (NumberFormatException malformed) {
            throw ApiException.badRequest(malformed.getMessage());
        }
    }

    /// Whether `object` is chosen.
    boolean selects(CachedObject object) {
        return (fields.isEmpty() || fields.matches(object::field))
                && (labels.isEmpty() || labels.test(object.labels()));
    }

    /// The same for the object `name` only.
    ListOptions named(String name) {
        var requirements = new ArrayList<>(fields.requirements());
        requirements.add(new FieldSelector.Requirement("metadata.name", true, name));
        return withFields(new FieldSelector(requirements));
    }

    ListOptions withFields(FieldSelector others) {
        return new ListOptions(
                labels, others, revision, match, limit, token, allowBookmarks, sendInitialEvents, timeoutSeconds);
    }

    boolean selectsEverything() {
        return labels.isEmpty() && fields.isEmpty();
    }
}
