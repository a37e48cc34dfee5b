package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What an agent may say of a pod. Source: core/v1 API reference, PodStatus.
final class PodStatusRules {
    private static final Set<String> SYSTEM_CONDITIONS = Set.of("PodScheduled", "Ready", "Initialized");

    private PodStatusRules() {}

    static void check(JsonNode pod, JsonNode stored, Problems problems) {
        var spec = stored.path("spec");
        var status = pod.path("status");
        var before = stored.path("status");
        PodAnnotationRules.checkKept(
                pod.path("metadata").path("annotations"),
                stored.path("metadata").path("annotations"),
                problems);
        var conditions = status.path("conditions");
        for (int i = 0; i < conditions.size(); i++) {
            var type = conditions.get(i).path("type").asText("");
            if (!SYSTEM_CONDITIONS.contains(type)) {
                problems.invalid(Problems.at("metadata.conditions", i) + ".Type", type, Names.qualifiedName(type));
            }
        }
        var nominated = status.path("nominatedNodeName").asText("");
        if (!nominated.isEmpty()
                && !nominated.equals(before.path("nominatedNodeName").asText(""))) {
            problems.invalid("status.nominatedNodeName", nominated, Names.dns1123Subdomain(nominated));
        }
        problems.unchanged("status.qosClass", status.path("qosClass"), before.path("qosClass"));
        checkEnded(status, before, spec, problems);
        checkClaims(status.path("resourceClaimStatuses"), spec.path("resourceClaims"), problems);
        checkAddresses("status.podIPs", status.path("podIPs"), problems);
        checkHostAddresses(status, problems);
        for (var list : List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")) {
            checkUsers(
                    "status." + list,
                    status.path(list),
                    spec.path("os").path("name").asText("linux"),
                    problems);
        }
    }

    private static void checkUsers(String path, JsonNode statuses, String os, Problems problems) {
        for (int i = 0; i < statuses.size(); i++) {
            var at = Problems.at(path, i) + ".linux"; // upstream leaves `user` out
            var user = statuses.get(i).path("user").path("linux");
            if (user.isMissingNode()) {
                continue;
            }
            if (os.equals("windows")) {
                problems.forbidden(at, "cannot be set for a windows pod");
                continue;
            }
            checkId(at + ".uid", user.path("uid"), problems);
            checkId(at + ".gid", user.path("gid"), problems);
            var groups = user.path("supplementalGroups");
            for (int j = 0; j < groups.size(); j++) {
                checkId(Problems.at(at + ".supplementalGroups", j), groups.get(j), problems);
            }
        }
    }

    private static void checkId(String path, JsonNode id, Problems problems) {
        if (id.asLong(0) < 0 || id.asLong(0) > Integer.MAX_VALUE) {
            problems.invalid(path, id, "must be between 0 and " + Integer.MAX_VALUE + ", inclusive");
        }
    }

    /// A container that is not started again stays ended.
    private static void checkEnded(JsonNode status, JsonNode before, JsonNode spec, Problems problems) {
        var sidecars = new HashSet<String>();
        for (var container : spec.path("initContainers")) {
            if (container.path("restartPolicy").asText("").equals("Always")) {
                sidecars.add(container.path("name").asText(""));
            }
        }
        var policy = spec.path("restartPolicy").asText("");
        checkEnded("containerStatuses", status, before, policy, Set.of(), problems);
        checkEnded("initContainerStatuses", status, before, policy, sidecars, problems);
        checkEnded("ephemeralContainerStatuses", status, before, "Never", Set.of(), problems);
    }

    private static void checkEnded(
            String list, JsonNode status, JsonNode before, String policy, Set<String> endless, Problems problems) {
        if (policy.equals("Always")) {
            return;
        }
        var present = byName(status.path(list));
        var old = before.path(list);
        for (int i = 0; i < old.size(); i++) {
            var end = old.get(i).path("state").path("terminated");
            var name = old.get(i).path("name").asText("");
            boolean restarts =
                    policy.equals("OnFailure") && end.path("exitCode").asInt() != 0;
            if (end.isMissingNode() || restarts || endless.contains(name)) {
                continue;
            }
            var now = present.get(name);
            if (now != null && !now.path("state").has("terminated")) {
                problems.forbidden(
                        Problems.at("status." + list, i) + ".state", "may not be transitioned to non-terminated state");
            }
        }
    }

    private static Map<String, JsonNode> byName(JsonNode statuses) {
        var named = new HashMap<String, JsonNode>();
        statuses.forEach(status -> named.put(status.path("name").asText(""), status));
        return named;
    }

    private static void checkClaims(JsonNode statuses, JsonNode claims, Problems problems) {
        var known = new HashSet<String>();
        claims.forEach(claim -> known.add(claim.path("name").asText("")));
        var seen = new HashSet<String>();
        for (int i = 0; i < statuses.size(); i++) {
            var at = Problems.at("status.resourceClaimStatuses", i) + ".name";
            var name = statuses.get(i).path("name").asText("");
            if (!known.contains(name)) {
                problems.invalid(at, name, "must match the name of an entry in `spec.resourceClaims`");
            }
            if (!seen.add(name)) {
                problems.duplicate(at, name);
            }
            if (statuses.get(i).has("resourceClaimName")) {
                var claim = statuses.get(i).get("resourceClaimName").asText();
                problems.invalid(at, claim, Names.dns1123Subdomain(claim));
            }
        }
    }

    private static void checkHostAddresses(JsonNode status, Problems problems) {
        var addresses = status.path("hostIPs");
        if (addresses.isEmpty()) {
            return;
        }
        var first = addresses.get(0).path("ip").asText("");
        if (!first.equals(status.path("hostIP").asText(""))) {
            problems.invalid("status.hostIPs[0].ip", first, "must be equal to `hostIP`");
        }
        checkAddresses("status.hostIPs", addresses, problems);
    }

    /// One of each family, at most.
    private static void checkAddresses(String path, JsonNode list, Problems problems) {
        var parsed = new ArrayList<InetAddress>();
        for (int i = 0; i < list.size(); i++) {
            var text = list.get(i).path("ip").asText("");
            var address = Addresses.parse(text);
            if (address.isEmpty()) {
                problems.invalid(Problems.at(path, i), text, Addresses.IP_FORM);
            }
            address.ifPresent(parsed::add);
        }
        if (parsed.size() == list.size() && !Addresses.isDualStack(parsed)) {
            var shown = new ArrayList<JsonNode>();
            list.forEach(item -> shown.add(GoStruct.of(item, "IP")));
            var all = GoStruct.list(shown);
            problems.invalid(path, all, "may specify no more than one IP for each IP family");
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < list.size(); i++) {
            if (!seen.add(list.get(i).path("ip").asText(""))) {
                problems.duplicate(Problems.at(path, i), GoStruct.of(list.get(i), "IP"));
            }
        }
    }
}
