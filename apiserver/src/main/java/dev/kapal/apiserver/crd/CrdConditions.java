package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Problem;
import java.util.ArrayList;
import java.util.List;

/// The conditions of a definition that depend on nothing but itself. Pure.
final class CrdConditions {
    private CrdConditions() {}

    /// @param crd changed in place
    static void settle(ObjectNode crd, String now) {
        structural(crd, now);
        approval(crd, now);
    }

    /// Only told when it is bad.
    private static void structural(ObjectNode crd, String now) {
        List<String> violations = new ArrayList<>();
        var versions = new Crd(crd).versions();
        for (int i = 0; i < versions.size(); i++) {
            var path = "spec.versions[" + i + "].schema.openAPIV3Schema";
            versions.get(i)
                    .schema()
                    .ifPresent(schema -> StructuralRules.check(schema, path).stream()
                            .map(Problem::message)
                            .forEach(violations::add));
        }
        if (violations.isEmpty()) {
            Crd.remove(crd, Crd.NON_STRUCTURAL);
        } else {
            var all = violations.size() == 1 ? violations.getFirst() : "[" + String.join(", ", violations) + "]";
            Crd.set(crd, Crd.NON_STRUCTURAL, true, "Violations", all, now);
        }
    }

    private static void approval(ObjectNode crd, String now) {
        var view = new Crd(crd);
        if (!ApprovalRules.isProtected(view.group())) {
            Crd.remove(crd, Crd.API_APPROVED);
            return;
        }
        var state = ApprovalRules.state(view);
        var reason = switch (state) {
            case MISSING -> "MissingAnnotation";
            case INVALID -> "InvalidAnnotation";
            case BYPASSED -> "UnapprovedAnnotation";
            case APPROVED -> "ApprovedAnnotation";
        };
        Crd.set(crd, Crd.API_APPROVED, state == ApprovalRules.State.APPROVED, reason, ApprovalRules.reason(view), now);
    }
}
