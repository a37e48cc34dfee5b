package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.audit.AuditAnnotations;
import dev.kapal.base.metric.Metrics;
import dev.kapal.model.GroupVersionResource;
import java.util.regex.Pattern;

/// Tells operators which deprecated versions are still asked for. Any thread.
///
/// Source: "Deprecation Policy", metric and audit annotations.
final class DeprecatedUse {
    private static final Pattern REMOVED = Pattern.compile("unavailable in v(\\d+\\.\\d+)\\+");

    private final Metrics.Gauge requested;

    DeprecatedUse(Metrics metrics) {
        requested = metrics.gauge(
                "apiserver_requested_deprecated_apis",
                "Gauge of deprecated APIs that have been requested, broken out by API group, version, resource,"
                        + " subresource, and removed_release.",
                "group",
                "version",
                "resource",
                "subresource",
                "removed_release");
    }

    /// @param subresource one of those that the resource has, or empty
    /// @param warning what users are told
    void note(GroupVersionResource resource, String subresource, String warning) {
        var removed = REMOVED.matcher(warning)
                .results()
                .map(r -> r.group(1))
                .findFirst()
                .orElse("");
        requested.read(() -> 1, resource.group(), resource.version(), resource.resource(), subresource, removed);
        AuditAnnotations.add("k8s.io/deprecated", "true");
        if (!removed.isEmpty()) {
            AuditAnnotations.add("k8s.io/removed-release", removed);
        }
    }
}
