package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A pod's specification is fixed, but for a few fields; its end takes as long as its containers may take.
final class PodStrategy implements Strategy {
    private static final Set<String> SELECTABLE = Set.of(
            "spec.nodeName",
            "spec.host", // what the oldest clients call the former
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName");

    /// Source: Kubernetes feature gate ResourceHealthStatus.
    private static final DisabledFields DEVICE_HEALTH = DisabledFields.of(
            "status.containerStatuses[].allocatedResourcesStatus",
            "status.initContainerStatuses[].allocatedResourcesStatus",
            "status.ephemeralContainerStatuses[].allocatedResourcesStatus");
    /// Source: Kubernetes feature gate DRAExtendedResource.
    private static final DisabledFields EXTENDED_RESOURCES = DisabledFields.of("status.extendedResourceClaimStatus");

    @Override
    public void onCreate(ObjectNode pod) {
        pod.putObject("status").put("phase", "Pending").put("qosClass", QosClass.of(pod.path("spec")));
        if (!pod.path("spec").path("schedulingGates").isEmpty()) {
            var condition = pod.withObject("/status").putArray("conditions").addObject();
            condition.put("type", "PodScheduled").put("status", "False").put("reason", "SchedulingGated");
            condition.put("message", "Scheduling is blocked due to non-empty scheduling gates");
        }
        LabelKeys.merge(pod);
        ProfileAnnotations.fillInAppArmor(pod);
        AlphaFields.drop(pod);
    }

    @Override
    public List<String> preparationWarnings(ObjectNode pod) {
        return ProfileAnnotations.appArmorWarnings(pod);
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        AlphaFields.drop(incoming, stored);
    }

    @Override
    public void check(ObjectNode pod, Optional<ObjectNode> stored, Problems problems) {
        PodRules.checkPod(pod, problems);
        if (stored.isPresent()) {
            checkAnnotationsKept(pod, stored.get(), problems);
            PodUpdateRules.check(pod.path("spec"), stored.get().path("spec"), problems);
            return;
        }
        var spec = pod.path("spec");
        if (!spec.path("ephemeralContainers").isEmpty()) {
            problems.forbidden("spec.ephemeralContainers", "cannot be set on create");
        }
        if (!spec.path("nodeName").asText("").isEmpty()
                && !spec.path("schedulingGates").isEmpty()) {
            problems.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
        }
        ProfileAnnotations.checkSeccompMatches("spec", pod.path("metadata").path("annotations"), spec, problems);
        ProfileAnnotations.checkAppArmorMatches(pod, problems);
    }

    private static void checkAnnotationsKept(ObjectNode pod, ObjectNode stored, Problems problems) {
        PodAnnotationRules.checkKept(
                pod.path("metadata").path("annotations"),
                stored.path("metadata").path("annotations"),
                problems);
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        PodStatusRules.check(candidate, stored, problems);
    }

    @Override
    public Strategy below(String subresource) {
        return switch (subresource) {
            case "binding", "eviction" -> new ServerWrites();
            case "ephemeralcontainers" -> new EphemeralContainers(this);
            case "resize" -> new ResizeStrategy(this);
            default -> Strategy.super.below(subresource);
        };
    }

    @Override
    public Set<String> keptByStatus() {
        return Set.of("ownerReferences");
    }

    @Override
    public void onStatusUpdate(ObjectNode incoming, ObjectNode stored) {
        var status = incoming.withObject("/status");
        if (status.path("qosClass").asText("").isEmpty()) {
            Copies.field("qosClass", stored.withObject("/status"), status);
        }
        matchAddresses(status, "podIP", "podIPs");
        matchAddresses(status, "hostIP", "hostIPs");
        PodConditions.keepGenerations(status, stored.path("status"));
        DEVICE_HEALTH.drop(incoming);
        EXTENDED_RESOURCES.drop(incoming, stored);
    }

    /// One address and the first of several are one thing under two names.
    private static void matchAddresses(ObjectNode status, String one, String many) {
        var single = status.path(one).asText("");
        var first = status.path(many).path(0).path("ip").asText("");
        if (!single.isEmpty() && !single.equals(first)) {
            status.putArray(many).addObject().put("ip", single);
        } else if (single.isEmpty() && !first.isEmpty()) {
            status.put(one, first);
        }
    }

    @Override
    public OptionalLong grace(ObjectNode pod, OptionalLong asked) {
        var spec = pod.path("spec");
        var phase = pod.path("status").path("phase").asText("");
        if (spec.path("nodeName").asText("").isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
            return OptionalLong.of(0);
        }
        long seconds = asked.orElse(spec.path("terminationGracePeriodSeconds").asLong(0));
        return OptionalLong.of(seconds < 0 ? 1 : seconds);
    }

    @Override
    public List<String> warnings(ObjectNode pod) {
        return PodWarnings.ofPod(pod);
    }

    @Override
    public List<String> warnings(ObjectNode pod, ObjectNode stored) {
        return List.of(); // people seldom change pods, and controllers read no warnings
    }

    @Override
    public List<String> statusWarnings(ObjectNode pod) {
        var warnings = new ArrayList<String>();
        for (var list : List.of("podIPs", "hostIPs")) {
            var addresses = pod.path("status").path(list);
            for (int i = 0; i < addresses.size(); i++) {
                var path = Problems.at("status." + list, i) + ".ip";
                warnings.addAll(
                        AddressWarnings.ofIp(path, addresses.get(i).path("ip").asText("")));
            }
        }
        return warnings;
    }

    @Override
    public boolean showsDeleted() {
        return true;
    }

    @Override
    public Set<String> selectable() {
        return SELECTABLE;
    }

    @Override
    public Map<String, String> fields(ObjectNode pod) {
        var spec = pod.path("spec");
        var status = pod.path("status");
        var fields = new HashMap<String, String>();
        for (var field : new String[] {"nodeName", "restartPolicy", "schedulerName", "serviceAccountName"}) {
            put(fields, "spec." + field, spec.path(field));
        }
        put(fields, "spec.host", spec.path("nodeName"));
        fields.put("spec.hostNetwork", Boolean.toString(spec.path("hostNetwork").asBoolean()));
        put(fields, "status.phase", status.path("phase"));
        put(fields, "status.podIP", status.path("podIPs").path(0).path("ip"));
        put(fields, "status.nominatedNodeName", status.path("nominatedNodeName"));
        return fields;
    }

    private static void put(Map<String, String> fields, String name, JsonNode value) {
        var text = value.asText("");
        if (!text.isEmpty()) {
            fields.put(name, text);
        }
    }

    /// What the server itself writes for a binding or an eviction.
    private static final class ServerWrites implements Strategy {
        @Override
        public boolean writesStatus() {
            return true;
        }

        /// Being put on a node is no change of what was asked for.
        @Override
        public boolean asksForSame(ObjectNode one, ObjectNode other) {
            return true;
        }
    }

    /// `/ephemeralcontainers` adds containers to a running pod and changes nothing else.
    private static final class EphemeralContainers implements Strategy {
        private static final String FIELD = "ephemeralContainers";

        private final PodStrategy pods;

        EphemeralContainers(PodStrategy pods) {
            this.pods = pods;
        }

        @Override
        public void onUpdate(ObjectNode incoming, ObjectNode stored) {
            var spec = stored.withObject("/spec").deepCopy();
            Copies.field(FIELD, incoming.withObject("/spec"), spec);
            var metadata = stored.withObject("/metadata").deepCopy();
            metadata.put("resourceVersion", Meta.of(incoming).resourceVersion());
            incoming.set("spec", spec);
            incoming.set("metadata", metadata);
            AlphaFields.drop(incoming, stored);
        }

        @Override
        public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
            if (PodAnnotationRules.isMirror(stored.orElseThrow())) {
                problems.forbidden("[]", "static pods do not support ephemeral containers");
                return;
            }
            PodRules.checkPod(candidate, problems);
            var before = stored.get().path("spec").path(FIELD);
            var now = candidate.path("spec").path(FIELD);
            var path = "spec." + FIELD;
            for (var old : before) {
                var same = find(now, old.path("name").asText());
                if (same.isMissingNode()) {
                    problems.forbidden(
                            path,
                            "existing ephemeral containers \""
                                    + old.path("name").asText() + "\" may not be removed\n");
                } else if (!same.equals(old)) {
                    problems.forbidden(
                            path,
                            "existing ephemeral containers \""
                                    + old.path("name").asText() + "\" may not be changed\n");
                }
            }
        }

        private static JsonNode find(JsonNode containers, String name) {
            for (var container : containers) {
                if (container.path("name").asText().equals(name)) {
                    return container;
                }
            }
            return containers.path("absent");
        }

        @Override
        public boolean isHeld(ObjectNode object) {
            return pods.isHeld(object);
        }
    }
}
