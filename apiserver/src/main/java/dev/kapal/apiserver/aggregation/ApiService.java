package dev.kapal.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.discovery.Priority;
import dev.kapal.model.GroupVersion;
import java.util.Optional;

/// What one APIService says. Immutable.
///
/// @param service empty for what this server serves itself
/// @param caBundle base64 of PEM; empty for the machine's own authorities
record ApiService(
        String name,
        GroupVersion groupVersion,
        Optional<Service> service,
        String caBundle,
        boolean insecure,
        Priority priority) {
    private static final int HTTPS = 443;

    record Service(String namespace, String name, int port) {
        /// The name that its certificate must be for.
        String host() {
            return name + "." + namespace + ".svc";
        }
    }

    static ApiService of(ObjectNode document) {
        var spec = document.path("spec");
        var service = spec.path("service");
        return new ApiService(
                document.path("metadata").path("name").asText(),
                new GroupVersion(
                        spec.path("group").asText(""), spec.path("version").asText("")),
                service.isObject()
                        ? Optional.of(new Service(
                                service.path("namespace").asText(),
                                service.path("name").asText(),
                                service.path("port").asInt(HTTPS)))
                        : Optional.empty(),
                spec.path("caBundle").asText(""),
                spec.path("insecureSkipTLSVerify").asBoolean(),
                new Priority(
                        spec.path("groupPriorityMinimum").asInt(),
                        spec.path("versionPriority").asInt()));
    }
}
