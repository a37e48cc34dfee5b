package dev.kapal.apiserver.discovery;

import dev.kapal.model.GroupVersion;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Pattern;

/// How far ahead discovery lists a group version: groups and versions of higher numbers come first. Immutable. Source:
/// upstream's `apiVersionPriorities`, and `spec` of APIService.
public record Priority(int group, int version) {
    /// The most important first.
    public static final Comparator<Priority> ORDER = Comparator.comparingInt(Priority::group)
            .thenComparingInt(Priority::version)
            .reversed();

    private static final int CUSTOM_GROUP = 1000;
    private static final int CUSTOM_VERSION = 100;

    /// Behind everybody: clients that look for a kind in any group take the first that has it, and others have taken
    /// this group's place.
    private static final int REPLACED_GROUP = 900;

    private static final Map<String, Integer> GROUPS = Map.ofEntries(
            Map.entry("apiregistration.k8s.io", 20000),
            Map.entry("", 18000),
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
            Map.entry("flowcontrol.apiserver.k8s.io", 16100),
            Map.entry("extensions", REPLACED_GROUP));

    /// Those that do not follow from their stability alone.
    private static final Map<String, Integer> VERSIONS = Map.ofEntries(
            Map.entry("v1", 1),
            Map.entry("apiregistration.k8s.io/v1", 100),
            Map.entry("apps/v1beta1", 1),
            Map.entry("events.k8s.io/v1beta1", 5),
            Map.entry("autoscaling/v2", 30),
            Map.entry("autoscaling/v2beta2", 1),
            Map.entry("rbac.authorization.k8s.io/v1beta1", 12),
            Map.entry("admissionregistration.k8s.io/v1beta1", 12),
            Map.entry("admissionregistration.k8s.io/v1alpha1", 9),
            Map.entry("scheduling.k8s.io/v1beta1", 12),
            Map.entry("coordination.k8s.io/v1beta1", 13),
            Map.entry("coordination.k8s.io/v1alpha2", 12),
            Map.entry("discovery.k8s.io/v1beta1", 12),
            Map.entry("resource.k8s.io/v1", 20),
            Map.entry("resource.k8s.io/v1beta2", 15),
            Map.entry("flowcontrol.apiserver.k8s.io/v1", 21),
            Map.entry("flowcontrol.apiserver.k8s.io/v1beta3", 18));

    private static final Pattern UNSTABLE = Pattern.compile("v\\d+(alpha|beta).*");

    /// Of what this server serves itself.
    public static Priority of(GroupVersion version) {
        if (!isBuiltIn(version.group())) {
            return new Priority(CUSTOM_GROUP, CUSTOM_VERSION);
        }
        var named = VERSIONS.get(version.apiVersion());
        return new Priority(GROUPS.get(version.group()), named != null ? named : byStability(version.version()));
    }

    public static boolean isBuiltIn(String group) {
        return GROUPS.containsKey(group);
    }

    private static int byStability(String version) {
        var parts = UNSTABLE.matcher(version);
        if (!parts.matches()) {
            return 15;
        }
        return parts.group(1).equals("beta") ? 9 : 1;
    }
}
