package dev.kapal.model.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// A parameter in the path or the query of an operation.
record Parameter(String name, String in, String type, String description) {
    static final Parameter NAMESPACE = path("namespace", "object name and auth scope, such as for teams and projects");
    static final Parameter PATH = path("path", "path to the resource");

    static final Parameter PRETTY = text("pretty", "If 'true', the output is indented for people.");
    private static final Parameter DRY_RUN =
            text("dryRun", "If 'All', everything is checked and nothing is stored. Other values are refused.");
    private static final Parameter FIELD_MANAGER =
            text("fieldManager", "Who makes the change; at most 128 printable characters.");
    private static final Parameter FIELD_VALIDATION = text(
            "fieldValidation",
            "What happens to unknown and duplicate fields: 'Ignore', 'Warn' (the default) or 'Strict'.");
    private static final Parameter FORCE =
            flag("force", "For apply patches only: takes conflicting fields away from their other managers.");

    static final List<Parameter> WRITE = List.of(PRETTY, DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION);
    static final List<Parameter> PATCH = List.of(PRETTY, DRY_RUN, FIELD_MANAGER, FIELD_VALIDATION, FORCE);

    static final List<Parameter> DELETE = List.of(
            PRETTY,
            DRY_RUN,
            number("gracePeriodSeconds", "Seconds the object may take to end; zero deletes at once."),
            flag("orphanDependents", "Deprecated, use propagationPolicy: whether dependents stay."),
            text("propagationPolicy", "What becomes of dependents: 'Orphan', 'Background' or 'Foreground'."));

    static final List<Parameter> LIST = List.of(
            PRETTY,
            flag("allowWatchBookmarks", "Whether a watch may send bookmarks."),
            text("continue", "Goes on with a list where the last answer's continue token ended."),
            text("fieldSelector", "Chooses objects by their fields."),
            text("labelSelector", "Chooses objects by their labels."),
            number("limit", "How many objects an answer has at most."),
            text("resourceVersion", "How new the answer must be, or where a watch begins."),
            text("resourceVersionMatch", "How resourceVersion is applied to a list: 'Exact' or 'NotOlderThan'."),
            flag("sendInitialEvents", "Whether a watch begins with the objects that exist."),
            number("timeoutSeconds", "How long the call may take."),
            flag("watch", "Whether to stream changes instead of listing objects."));

    static Parameter path(String name, String description) {
        return new Parameter(name, "path", "string", description);
    }

    private static Parameter text(String name, String description) {
        return new Parameter(name, "query", "string", description);
    }

    private static Parameter number(String name, String description) {
        return new Parameter(name, "query", "integer", description);
    }

    private static Parameter flag(String name, String description) {
        return new Parameter(name, "query", "boolean", description);
    }

    ObjectNode tree(Dialect dialect) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("name", name).put("in", in).put("description", description);
        if (in.equals("path")) {
            node.put("required", true);
        }
        var schema = dialect == Dialect.V2 ? node : node.putObject("schema");
        schema.put("type", type).put("uniqueItems", true);
        return node;
    }
}
