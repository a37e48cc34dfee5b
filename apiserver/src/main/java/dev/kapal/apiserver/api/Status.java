package dev.kapal.apiserver.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.Optional;

/// The answer that is not an object: `meta/v1` `Status`. Immutable.
///
/// @param success whether the request did what it asked for
/// @param next the continue token that a refused list may go on with; empty otherwise
public record Status(boolean success, int code, Reason reason, String message, Optional<Details> details, String next) {

    public Status(boolean success, int code, Reason reason, String message, Optional<Details> details) {
        this(success, code, reason, message, details, "");
    }

    public Status withContinue(String token) {
        return new Status(success, code, reason, message, details, token);
    }

    /// @param kind the resource (`pods`) in most refusals, the kind (`Pod`) in validation errors, as upstream has it
    public record Details(
            String name, String group, String kind, String uid, List<Cause> causes, int retryAfterSeconds) {
        public Details {
            causes = List.copyOf(causes);
        }

        public static Details of(String name, String group, String kind) {
            return new Details(name, group, kind, "", List.of(), 0);
        }

        public Details causes(List<Cause> added) {
            return new Details(name, group, kind, uid, added, retryAfterSeconds);
        }

        public Details uid(String uid) {
            return new Details(name, group, kind, uid, causes, retryAfterSeconds);
        }

        public Details retryAfter(int seconds) {
            return new Details(name, group, kind, uid, causes, seconds);
        }
    }

    /// One of several reasons; empty strings are left out of the document.
    public record Cause(String reason, String message, String field) {}

    public static Status failure(int code, Reason reason, String message) {
        return new Status(false, code, reason, message, Optional.empty());
    }

    public static Status failure(int code, Reason reason, String message, Details details) {
        return new Status(false, code, reason, message, Optional.of(details));
    }

    public static Status success(Details details) {
        return new Status(true, 200, Reason.UNKNOWN, "", Optional.of(details));
    }

    /// The document as it goes over the wire.
    public ObjectNode document() {
        var document = Documents.object();
        document.put("kind", "Status").put("apiVersion", "v1");
        putUnlessEmpty(document.putObject("metadata"), "continue", next);
        document.put("status", success ? "Success" : "Failure");
        putUnlessEmpty(document, "message", message);
        putUnlessEmpty(document, "reason", reason.text());
        details.ifPresent(d -> write(d, document.putObject("details")));
        if (!success || code != 200) {
            document.put("code", code);
        }
        return document;
    }

    public byte[] json() {
        return Documents.json(document());
    }

    private static void write(Details details, ObjectNode into) {
        putUnlessEmpty(into, "name", details.name());
        putUnlessEmpty(into, "group", details.group());
        putUnlessEmpty(into, "kind", details.kind());
        putUnlessEmpty(into, "uid", details.uid());
        if (!details.causes().isEmpty()) {
            var causes = into.putArray("causes");
            for (var cause : details.causes()) {
                var node = causes.addObject();
                putUnlessEmpty(node, "reason", cause.reason());
                putUnlessEmpty(node, "message", cause.message());
                putUnlessEmpty(node, "field", cause.field());
            }
        }
        if (details.retryAfterSeconds() > 0) {
            into.put("retryAfterSeconds", details.retryAfterSeconds());
        }
    }

    private static void putUnlessEmpty(ObjectNode into, String field, String value) {
        if (!value.isEmpty()) {
            into.put(field, value);
        }
    }
}
