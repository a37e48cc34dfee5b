package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.strategy.Printable;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.GroupVersionKind;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What the query of a write asks for: `CreateOptions`, `UpdateOptions`, `PatchOptions`. Immutable; what contradicts
/// itself is refused with upstream's words when it is read.
///
/// @param manager who will own the fields
record WriteOptions(String manager, boolean dryRun, boolean force) {
    private static final int LONGEST_MANAGER = 128;
    private static final List<String> VALIDATIONS = List.of("", "Ignore", "Strict", "Warn");

    /// Throws 422.
    static WriteOptions of(Call call) {
        return of(
                call,
                switch (call.info().verb()) {
                    case "update" -> "UpdateOptions";
                    case "patch" -> "PatchOptions";
                    default -> "CreateOptions";
                },
                false);
    }

    /// Of a patch that is an apply.
    static WriteOptions ofApply(Call call) {
        return of(call, "PatchOptions", true);
    }

    private static WriteOptions of(Call call, String kind, boolean apply) {
        var query = call.query();
        var manager = query.first("fieldManager");
        var problems = new Problems();
        if (apply && manager.isEmpty()) {
            problems.required("fieldManager", "is required for apply patch");
        }
        if (!apply && kind.equals("PatchOptions") && !query.values("force").isEmpty()) {
            problems.forbidden("force", "may not be specified for non-apply patch");
        }
        checkManager(manager, problems);
        boolean dryRun = DryRun.of(query, problems);
        checkValidation(query, problems);
        if (!problems.isEmpty()) {
            throw ApiException.invalid(new GroupVersionKind("meta.k8s.io", "v1", kind), "", problems.found());
        }
        return new WriteOptions(
                manager.isEmpty() ? ofAgent(call.request().header("User-Agent").orElse("")) : manager,
                dryRun,
                query.isTrue("force"));
    }

    private static void checkManager(String manager, Problems problems) {
        if (manager.getBytes(StandardCharsets.UTF_8).length > LONGEST_MANAGER) {
            problems.tooLong("fieldManager", LONGEST_MANAGER);
        }
        int position = 0;
        for (int c : manager.codePoints().toArray()) {
            if (!Printable.is(c)) {
                problems.invalid(
                        "fieldManager",
                        manager,
                        "invalid character %s (at position %d)".formatted("U+%04X".formatted(c), position));
            }
            position += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
        }
    }

    private static void checkValidation(RequestInfo.Query query, Problems problems) {
        var validation = query.first("fieldValidation");
        if (!VALIDATIONS.contains(validation)) {
            problems.notSupported("fieldValidation", validation, VALIDATIONS);
        }
    }

    /// The program's name: what stands before the first slash, without what cannot be printed.
    static String ofAgent(String agent) {
        var name = new StringBuilder();
        int bytes = 0;
        for (int c : agent.split("/", 2)[0].codePoints().toArray()) {
            var text = Character.toString(c);
            bytes += text.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > LONGEST_MANAGER) {
                break;
            }
            if (Printable.is(c)) {
                name.append(text);
            }
        }
        return name.isEmpty() ? "unknown" : name.toString();
    }
}
