package dev.kapal.model.quota;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.GroupResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// How the objects of one resource are counted against quotas. Stateless.
///
/// Source: Kubernetes documentation, Resource Quotas; upstream's evaluators.
public final class Usage {
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final GroupResource SERVICES = new GroupResource("", "services");
    private static final GroupResource CLAIMS = new GroupResource("", "persistentvolumeclaims");
    private static final GroupResource DEVICES = new GroupResource("resource.k8s.io", "resourceclaims");
    /// The resources that have a short name besides `count/…`.
    private static final Map<GroupResource, String> SHORT = Map.of(
            new GroupResource("", "configmaps"), "configmaps",
            new GroupResource("", "secrets"), "secrets",
            new GroupResource("", "resourcequotas"), "resourcequotas",
            new GroupResource("", "replicationcontrollers"), "replicationcontrollers");

    private static final List<String> COMPUTED = List.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> POD_NAMES = Set.of(
            "count/pods",
            "pods",
            "cpu",
            "memory",
            "ephemeral-storage",
            "requests.cpu",
            "requests.memory",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage");
    private static final Set<String> MUST_BE_SET =
            Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");
    private static final String HUGE_PAGES = "hugepages-";
    private static final String REQUESTS = "requests.";
    private static final String STORAGE_CLASS = ".storageclass.storage.k8s.io/";
    private static final String DEVICE_CLASS = ".deviceclass.resource.k8s.io/devices";
    /// How many devices a claim may hold that asks for all there are.
    private static final int MOST_DEVICES = 32;

    private final GroupResource resource;

    private Usage(GroupResource resource) {
        this.resource = resource;
    }

    public static Usage of(GroupResource resource) {
        return new Usage(resource);
    }

    /// The name under which any resource can be counted: `count/deployments.apps`.
    public static String countName(GroupResource resource) {
        return "count/" + resource;
    }

    /// The resource that a quota's name counts, when it counts objects; pods count for `requests.cpu`, too.
    public static Optional<GroupResource> counted(String name) {
        if (name.startsWith("count/")) {
            var rest = name.substring("count/".length());
            int dot = rest.indexOf('.');
            return Optional.of(
                    dot < 0
                            ? new GroupResource("", rest)
                            : new GroupResource(rest.substring(dot + 1), rest.substring(0, dot)));
        }
        for (var entry : SHORT.entrySet()) {
            if (entry.getValue().equals(name)) {
                return Optional.of(entry.getKey());
            }
        }
        for (var candidate : List.of(PODS, SERVICES, CLAIMS, DEVICES)) {
            if (new Usage(candidate).counts(name)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /// Whether changes of an object can change what it costs.
    public boolean changesWithUpdates() {
        return resource.equals(SERVICES) || resource.equals(CLAIMS) || resource.equals(DEVICES);
    }

    /// Those of `names` that objects of this resource count for.
    public List<String> counting(Collection<String> names) {
        return names.stream().filter(this::counts).toList();
    }

    private boolean counts(String name) {
        if (name.equals(countName(resource)) || name.equals(SHORT.get(resource))) {
            return true;
        }
        if (resource.equals(PODS)) {
            return POD_NAMES.contains(name)
                    || name.startsWith(HUGE_PAGES)
                    || name.startsWith(REQUESTS + HUGE_PAGES)
                    || name.startsWith(REQUESTS) && name.contains("/") && !name.contains("kubernetes.io/");
        }
        if (resource.equals(SERVICES)) {
            return name.equals("services")
                    || name.equals("services.nodeports")
                    || name.equals("services.loadbalancers");
        }
        if (resource.equals(CLAIMS)) {
            return name.equals("persistentvolumeclaims")
                    || name.equals("requests.storage")
                    || name.endsWith(STORAGE_CLASS + "requests.storage")
                    || name.endsWith(STORAGE_CLASS + "persistentvolumeclaims");
        }
        return resource.equals(DEVICES) && name.endsWith(DEVICE_CLASS);
    }

    /// What one object costs now.
    public Amounts measure(JsonNode object, Instant now) {
        var counted = Amounts.count(countName(resource));
        if (resource.equals(PODS)) {
            return pod(object, now).plus(counted);
        }
        if (resource.equals(SERVICES)) {
            return service(object.path("spec")).plus(counted);
        }
        if (resource.equals(CLAIMS)) {
            return claim(object).plus(counted);
        }
        if (resource.equals(DEVICES)) {
            return devices(object.path("spec")).plus(counted);
        }
        var shortName = SHORT.get(resource);
        return shortName == null ? counted : counted.plus(Amounts.count(shortName));
    }

    /// Why a quota on `names` cannot take this object at all: containers that do not say how much they need. Empty when
    /// it can.
    public Optional<String> objection(JsonNode object, Collection<String> names) {
        if (!resource.equals(PODS)) {
            return Optional.empty();
        }
        var missing = new TreeMap<String, TreeSet<String>>();
        for (var list : List.of("containers", "initContainers")) {
            for (var container : object.path("spec").path(list)) {
                var set = computed(
                        Amounts.of(container.path("resources").path("requests")),
                        Amounts.of(container.path("resources").path("limits")));
                for (var name : names) {
                    if (MUST_BE_SET.contains(name) && !set.values().containsKey(name)) {
                        missing.computeIfAbsent(name, n -> new TreeSet<>())
                                .add(container.path("name").asText());
                    }
                }
            }
        }
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        var sentences = new ArrayList<String>();
        missing.forEach((name, containers) -> sentences.add(name + " for: " + String.join(",", containers)));
        return Optional.of("must specify " + String.join("; ", sentences));
    }

    /// A pod that has ended, or that hangs longer than it was given to end, costs nothing but its place in the store.
    private static Amounts pod(JsonNode pod, Instant now) {
        var phase = pod.path("status").path("phase").asText("");
        if (phase.equals("Succeeded") || phase.equals("Failed") || isOverdue(pod.path("metadata"), now)) {
            return Amounts.NONE;
        }
        var spec = pod.path("spec");
        return computed(PodAmounts.requests(spec, true), PodAmounts.limits(spec, true));
    }

    private static boolean isOverdue(JsonNode metadata, Instant now) {
        if (!metadata.has("deletionTimestamp") || !metadata.has("deletionGracePeriodSeconds")) {
            return false;
        }
        var end = Instant.parse(metadata.get("deletionTimestamp").asText())
                .plusSeconds(metadata.get("deletionGracePeriodSeconds").asLong());
        return now.isAfter(end);
    }

    private static Amounts computed(Amounts requests, Amounts limits) {
        var result = Amounts.count("pods");
        for (var name : COMPUTED) {
            var request = requests.values().get(name);
            if (request != null) {
                result = result.with(name, request).with(REQUESTS + name, request);
            }
            var limit = limits.values().get(name);
            if (limit != null) {
                result = result.with("limits." + name, limit);
            }
        }
        for (var entry : requests.values().entrySet()) {
            var name = entry.getKey();
            if (name.startsWith(HUGE_PAGES)) {
                result = result.with(name, entry.getValue()).with(REQUESTS + name, entry.getValue());
            } else if (name.contains("/") && !name.contains("kubernetes.io/")) {
                result = result.with(REQUESTS + name, entry.getValue());
            }
        }
        return result;
    }

    private static Amounts service(JsonNode spec) {
        var type = spec.path("type").asText("");
        boolean balanced = type.equals("LoadBalancer");
        long ports = spec.path("ports").size();
        if (balanced && !spec.path("allocateLoadBalancerNodePorts").asBoolean(true)) {
            ports = 0;
            for (var port : spec.path("ports")) {
                ports += port.path("nodePort").asInt() == 0 ? 0 : 1;
            }
        }
        boolean exposed = balanced || type.equals("NodePort");
        return Amounts.count("services")
                .with("services.nodeports", Amounts.count(exposed ? ports : 0))
                .with("services.loadbalancers", Amounts.count(balanced ? 1 : 0));
    }

    private static Amounts claim(JsonNode claim) {
        var old = claim.path("metadata").path("annotations").path("volume.beta.kubernetes.io/storage-class");
        var storageClass = old.isMissingNode()
                ? claim.path("spec").path("storageClassName").asText("")
                : old.asText();
        var prefix = storageClass + STORAGE_CLASS;
        var result = Amounts.count("persistentvolumeclaims");
        if (!storageClass.isEmpty()) {
            result = result.plus(Amounts.count(prefix + "persistentvolumeclaims"));
        }
        var asked = Amounts.of(claim.path("spec").path("resources").path("requests"))
                .max(Amounts.of(claim.path("status").path("allocatedResources")))
                .values()
                .get("storage");
        if (asked == null) {
            return result;
        }
        result = result.with("requests.storage", asked);
        return storageClass.isEmpty() ? result : result.with(prefix + "requests.storage", asked);
    }

    private static Amounts devices(JsonNode spec) {
        var result = Amounts.NONE;
        for (var request : spec.path("devices").path("requests")) {
            var worst = request.has("exactly") ? device(request.path("exactly")) : device(request);
            for (var alternative : request.path("firstAvailable")) {
                worst = worst.max(device(alternative));
            }
            result = result.plus(worst);
        }
        return result;
    }

    private static Amounts device(JsonNode request) {
        var deviceClass = request.path("deviceClassName").asText("");
        if (deviceClass.isEmpty()) {
            return Amounts.NONE;
        }
        boolean all = request.path("allocationMode").asText().equals("All");
        long count = all ? MOST_DEVICES : request.path("count").asLong(1);
        return Amounts.NONE.with(deviceClass + DEVICE_CLASS, Amounts.count(count));
    }
}
