package dev.kapal.apiserver.crd;

import dev.kapal.apiserver.strategy.Problems;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// Groups of Kubernetes' own need somebody's approval. Source: api-approved.kubernetes.io.
final class ApprovalRules {
    private static final String ANNOTATION = "api-approved.kubernetes.io";
    private static final String PATH = "metadata.annotations[" + ANNOTATION + "]";

    private ApprovalRules() {}

    enum State {
        MISSING,
        INVALID,
        BYPASSED,
        APPROVED
    }

    static boolean isProtected(String group) {
        return group.equals("k8s.io")
                || group.endsWith(".k8s.io")
                || group.equals("kubernetes.io")
                || group.endsWith(".kubernetes.io");
    }

    static State state(Crd crd) {
        var text = approval(crd);
        if (text.isEmpty()) {
            return State.MISSING;
        }
        if (text.get().startsWith("unapproved")) {
            return State.BYPASSED;
        }
        try {
            var url = new URI(text.get());
            return url.getHost() != null && url.getScheme() != null ? State.APPROVED : State.INVALID;
        } catch (URISyntaxException no) {
            return State.INVALID;
        }
    }

    private static Optional<String> approval(Crd crd) {
        var text = crd.meta().node().path("annotations").path(ANNOTATION).asText("");
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    static String reason(Crd crd) {
        return switch (state(crd)) {
            case MISSING ->
                "protected groups must have approval annotation \"" + ANNOTATION
                        + "\", see https://github.com/kubernetes/enhancements/pull/1111";
            case INVALID ->
                "protected groups must have approval annotation \"" + ANNOTATION
                        + "\" with either a URL or a reason starting with \"unapproved\", see"
                        + " https://github.com/kubernetes/enhancements/pull/1111";
            case BYPASSED -> "not approved: \"" + approval(crd).orElse("") + "\"";
            case APPROVED -> "approved in " + approval(crd).orElse("");
        };
    }

    static void check(Crd crd, Optional<Crd> old, Problems problems) {
        var state = state(crd);
        if (!isProtected(crd.group()) || old.isPresent() && state(old.get()) == state) {
            return;
        }
        if (state == State.INVALID) {
            problems.invalid(PATH, approval(crd).orElse(""), reason(crd));
        } else if (state == State.MISSING) {
            problems.required(PATH, reason(crd));
        }
    }
}
