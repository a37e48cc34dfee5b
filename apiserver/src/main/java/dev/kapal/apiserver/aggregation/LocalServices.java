package dev.kapal.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.codec.Documents;
import java.util.Map;
import java.util.regex.Pattern;

/// The APIService objects of what this server serves itself. Pure; the priorities are upstream's.
final class LocalServices {
    static final String AUTOMANAGED = "kube-aggregator.kubernetes.io/automanaged";

    private static final Map<String, Integer> GROUPS = Map.ofEntries(
            Map.entry("", 18000),
            Map.entry("extensions", 17900),
            Map.entry("apps", 17800),
            Map.entry("events.k8s.io", 17750),
            Map.entry("authentication.k8s.io", 17700),
            Map.entry("authorization.k8s.io", 17600),
            Map.entry("autoscaling", 17500),
            Map.entry("batch", 17400),
            Map.entry("certificates.k8s.io", 17300),
            Map.entry("networking.k8s.io", 17200),
            Map.entry("policy", 17100),
            Map.entry("rbac.authorization.k8s.io", 17000),
            Map.entry("storage.k8s.io", 16800),
            Map.entry("apiextensions.k8s.io", 16700),
            Map.entry("admissionregistration.k8s.io", 16700),
            Map.entry("scheduling.k8s.io", 16600),
            Map.entry("coordination.k8s.io", 16500),
            Map.entry("node.k8s.io", 16300),
            Map.entry("discovery.k8s.io", 16200),
            Map.entry("resource.k8s.io", 16200),
            Map.entry("flowcontrol.apiserver.k8s.io", 16100));
    private static final int CUSTOM_GROUP = 1000;
    private static final int CUSTOM_VERSION = 100;
    private static final Pattern VERSION = Pattern.compile("v(\\d+)(alpha|beta)?(\\d*)");

    private LocalServices() {}

    static String name(GroupVersion version) {
        return version.version() + "." + version.group();
    }

    /// The group of the objects themselves has none: it is always here.
    static boolean isRegistered(GroupVersion version) {
        return !version.group().equals("apiregistration.k8s.io");
    }

    static ObjectNode document(GroupVersion version) {
        boolean builtIn = GROUPS.containsKey(version.group());
        var document = Documents.object()
                .put("apiVersion", "apiregistration.k8s.io/v1")
                .put("kind", "APIService");
        document.putObject("metadata")
                .put("name", name(version))
                .putObject("labels")
                .put(AUTOMANAGED, builtIn ? "onstart" : "true");
        var spec = document.putObject("spec");
        if (!version.group().isEmpty()) {
            spec.put("group", version.group());
        }
        spec.put("version", version.version());
        spec.put("groupPriorityMinimum", builtIn ? GROUPS.get(version.group()) : CUSTOM_GROUP);
        spec.put("versionPriority", builtIn ? priority(version) : CUSTOM_VERSION);
        return document;
    }

    /// Stable before beta before alpha, newer before older.
    private static int priority(GroupVersion version) {
        if (version.group().isEmpty()) {
            return 1;
        }
        var parts = VERSION.matcher(version.version());
        if (!parts.matches()) {
            return 1;
        }
        int major = Integer.parseInt(parts.group(1));
        if (parts.group(2) == null) {
            return 15 * major;
        }
        int minor = parts.group(3).isEmpty() ? 0 : Integer.parseInt(parts.group(3));
        return (parts.group(2).equals("beta") ? 9 : 1) + minor;
    }
}
