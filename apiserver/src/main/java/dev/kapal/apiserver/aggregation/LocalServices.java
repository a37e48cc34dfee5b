package dev.kapal.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.discovery.Priority;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.codec.Documents;

/// The APIService objects of what this server serves itself. Pure.
final class LocalServices {
    static final String AUTOMANAGED = "kube-aggregator.kubernetes.io/automanaged";

    private LocalServices() {}

    static String name(GroupVersion version) {
        return version.version() + "." + version.group();
    }

    /// The group of the objects themselves has none: it is always here.
    static boolean isRegistered(GroupVersion version) {
        return !version.group().equals("apiregistration.k8s.io");
    }

    static ObjectNode document(GroupVersion version) {
        var document = Documents.object()
                .put("apiVersion", "apiregistration.k8s.io/v1")
                .put("kind", "APIService");
        document.putObject("metadata")
                .put("name", name(version))
                .putObject("labels")
                .put(AUTOMANAGED, Priority.isBuiltIn(version.group()) ? "onstart" : "true");
        var spec = document.putObject("spec");
        if (!version.group().isEmpty()) {
            spec.put("group", version.group());
        }
        spec.put("version", version.version());
        var priority = Priority.of(version);
        spec.put("groupPriorityMinimum", priority.group()).put("versionPriority", priority.version());
        return document;
    }
}
