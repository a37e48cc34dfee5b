package dev.kapal.model.generate;

import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionKind;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds for each Java class what upstream calls the type. The class name has lost the group (`V1PodSpec`), so the
/// group
/// is the one whose endpoints lead to the type; what several groups lead to belongs to the core group, whose types the
/// others embed. Anything that stays ambiguous stops the build.
final class DefinitionNames {
    private static final Pattern CLASS = Pattern.compile("([A-Za-z]*?)V(\\d+(?:alpha\\d+|beta\\d+)?)([A-Z].*)");
    private static final Pattern MODEL_REFERENCE = Pattern.compile("L" + ModelJar.MODELS + "(\\w+);");

    private static final Set<String> META = Set.of(
            "APIGroup",
            "APIGroupList",
            "APIResource",
            "APIResourceList",
            "APIVersions",
            "Condition",
            "DeleteOptions",
            "FieldSelectorRequirement",
            "GroupVersionForDiscovery",
            "LabelSelector",
            "LabelSelectorRequirement",
            "ListMeta",
            "ManagedFieldsEntry",
            "ObjectMeta",
            "OwnerReference",
            "Preconditions",
            "ServerAddressByClientCIDR",
            "Status",
            "StatusCause",
            "StatusDetails",
            "WatchEvent");

    /// Types that are served below resources of other groups.
    private static final Map<String, String> GUESTS =
            Map.of("V1Scale", "Autoscaling", "V1Eviction", "Policy", "AuthenticationV1TokenRequest", "Authentication");

    /// Types that no endpoint leads to.
    private static final Map<String, String> STRAYS = Map.of("V1SelectableField", "Apiextensions");

    /// Types of the core group that only other groups' resources hold.
    private static final Set<String> LENT = Set.of("V1TopologySelectorTerm", "V1TopologySelectorLabelRequirement");

    private record Group(String api, String name, String goPackage) {}

    private static final List<Group> GROUPS = List.of(
            group("Core", "", "core"),
            group("Admissionregistration", "admissionregistration.k8s.io", "admissionregistration"),
            new Group("Apiextensions", "apiextensions.k8s.io", "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions"),
            new Group("Apiregistration", "apiregistration.k8s.io", "io.k8s.kube-aggregator.pkg.apis.apiregistration"),
            group("Apps", "apps", "apps"),
            group("Authentication", "authentication.k8s.io", "authentication"),
            group("Authorization", "authorization.k8s.io", "authorization"),
            group("Autoscaling", "autoscaling", "autoscaling"),
            group("Batch", "batch", "batch"),
            group("Certificates", "certificates.k8s.io", "certificates"),
            group("Coordination", "coordination.k8s.io", "coordination"),
            group("Discovery", "discovery.k8s.io", "discovery"),
            group("Events", "events.k8s.io", "events"),
            group("FlowcontrolApiserver", "flowcontrol.apiserver.k8s.io", "flowcontrol"),
            group("InternalApiserver", "internal.apiserver.k8s.io", "apiserverinternal"),
            group("Networking", "networking.k8s.io", "networking"),
            group("Node", "node.k8s.io", "node"),
            group("Policy", "policy", "policy"),
            group("RbacAuthorization", "rbac.authorization.k8s.io", "rbac"),
            group("Resource", "resource.k8s.io", "resource"),
            group("Scheduling", "scheduling.k8s.io", "scheduling"),
            group("Storage", "storage.k8s.io", "storage"),
            group("Storagemigration", "storagemigration.k8s.io", "storagemigration"));

    private final ModelJar jar;
    private final Map<String, Set<String>> groupsOf = new TreeMap<>();

    DefinitionNames(ModelJar jar) {
        this.jar = jar;
        jar.roots().forEach((api, types) -> {
            var group = api.substring(0, api.indexOf('/'));
            types.stream().filter(t -> !GUESTS.containsKey(t)).forEach(t -> reach(t, group));
        });
        GUESTS.forEach(this::reach);
        STRAYS.forEach(this::reach);
    }

    private static Group group(String api, String name, String goPackage) {
        return new Group(api, name, "io.k8s.api." + goPackage);
    }

    private void reach(String root, String group) {
        var next = new ArrayDeque<String>();
        next.add(root);
        while (!next.isEmpty()) {
            var type = next.pop();
            var model = jar.models().get(type);
            if (model != null
                    && groupsOf.computeIfAbsent(type, _ -> new TreeSet<>()).add(group)) {
                model.fields().forEach(f -> references(f.type()).forEach(next::add));
            }
        }
    }

    static Stream<String> references(String signature) {
        return MODEL_REFERENCE.matcher(signature).results().map(r -> r.group(1));
    }

    /// The definition name: `io.k8s.api.core.v1.PodSpec`.
    String definition(String javaClass) {
        if (javaClass.equals("VersionInfo")) {
            return "io.k8s.apimachinery.pkg.version.Info";
        }
        var name = match(javaClass);
        return isMeta(name)
                ? "io.k8s.apimachinery.pkg.apis.meta.v1." + name.group(3)
                : group(javaClass).goPackage() + ".v" + name.group(2) + "." + name.group(3);
    }

    /// What documents of this class say they are.
    GroupVersionKind kind(String javaClass) {
        var name = match(javaClass);
        var group = isMeta(name) ? "" : group(javaClass).name();
        return new GroupVersion(group, "v" + name.group(2)).kind(name.group(3));
    }

    private static Matcher match(String javaClass) {
        var name = CLASS.matcher(javaClass);
        if (!name.matches()) {
            throw new IllegalStateException("class " + javaClass + " does not look like a model");
        }
        return name;
    }

    private static boolean isMeta(Matcher name) {
        return name.group(1).isEmpty() && name.group(2).equals("1") && META.contains(name.group(3));
    }

    private Group group(String javaClass) {
        var prefix = match(javaClass).group(1);
        var reached = groupsOf.getOrDefault(javaClass, Set.of());
        if (LENT.contains(javaClass)) {
            return GROUPS.getFirst();
        }
        var exact = GROUPS.stream().filter(g -> g.api().equals(prefix)).findFirst();
        if (exact.isPresent()) {
            return exact.get();
        }
        var candidates = GROUPS.stream()
                .filter(g ->
                        prefix.isEmpty() ? reached.contains(g.api()) : g.api().startsWith(prefix))
                .toList();
        if (candidates.size() > 1 && reached.contains("Core")) {
            return GROUPS.getFirst();
        }
        if (candidates.size() != 1) {
            throw new IllegalStateException("class " + javaClass + " could belong to any of " + candidates);
        }
        return candidates.getFirst();
    }
}
