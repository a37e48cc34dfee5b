package dev.kapal.controllers.workload;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/// Reads the server's refusals.
public final class Refusals {
    private static final String NAMESPACE_TERMINATING = "NamespaceTerminating";

    private Refusals() {}

    /// The server's own words, without our request before them.
    public static String message(RuntimeException failure) {
        if (failure instanceof KubernetesClientException refusal
                && refusal.getStatus() != null
                && refusal.getStatus().getMessage() != null) {
            return refusal.getStatus().getMessage();
        }
        return String.valueOf(failure.getMessage());
    }

    /// Nothing new is let into a namespace that is being deleted: that needs no retry and no event.
    public static boolean isNamespaceTerminating(RuntimeException failure) {
        if (!(failure instanceof KubernetesClientException refusal)
                || refusal.getStatus() == null
                || refusal.getStatus().getDetails() == null
                || refusal.getStatus().getDetails().getCauses() == null) {
            return false;
        }
        return refusal.getStatus().getDetails().getCauses().stream()
                .anyMatch(cause -> NAMESPACE_TERMINATING.equals(cause.getReason()));
    }

    public static boolean isConflict(RuntimeException failure) {
        return failure instanceof KubernetesClientException refusal
                && refusal.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    public static boolean isAlreadyExists(RuntimeException failure) {
        return isConflict(failure)
                && failure instanceof KubernetesClientException refusal
                && refusal.getStatus() != null
                && "AlreadyExists".equals(refusal.getStatus().getReason());
    }

    public static boolean isNotFound(RuntimeException failure) {
        return failure instanceof KubernetesClientException refusal
                && refusal.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
    }
}
