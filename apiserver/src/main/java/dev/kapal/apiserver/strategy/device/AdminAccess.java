package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.strategy.Problems;

/// Devices that somebody else uses may be looked at by those whose namespace says that they may. Any thread. Source:
/// Kubernetes documentation, "Dynamic Resource Allocation", admin access.
final class AdminAccess {
    private static final String LABEL = "resource.kubernetes.io/admin-access";

    private final WatchCaches caches;

    AdminAccess(WatchCaches caches) {
        this.caches = caches;
    }

    /// @param requests of a claim that is about to be made in `namespace`
    void check(String namespace, JsonNode requests, Problems problems) {
        for (int i = 0; i < requests.size(); i++) {
            if (requests.get(i).path("exactly").path("adminAccess").asBoolean(false)) {
                check(Problems.at("spec.devices.requests", i) + ".adminAccess", namespace, problems);
                return;
            }
        }
    }

    private void check(String path, String namespace, Problems problems) {
        boolean allowed = caches.cache("core/namespaces")
                .find("_/" + namespace)
                .map(object -> "true".equals(object.labels().get(LABEL)))
                .orElse(false);
        if (!allowed) {
            problems.forbidden(
                    path,
                    "admin access to devices requires the `" + LABEL + ": true` label on the containing namespace");
        }
    }
}
