package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;

/// The smaller parts of a pod's specification: name resolution, gates, claims, the operating system. Source: core/v1
/// API
/// reference, PodSpec.
final class PodFieldRules {
    private static final int NAMESERVERS = 3;
    private static final int SEARCHES = 32;
    private static final int SEARCH_CHARACTERS = 2048;
    private static final List<String> SYSTEMS = List.of("linux", "windows");

    private PodFieldRules() {}

    static void check(String path, JsonNode spec, Problems problems) {
        checkResolver(path + ".dnsConfig", spec.path("dnsConfig"), problems);
        checkGates(path, spec, problems);
        checkClaims(path + ".resourceClaims", spec.path("resourceClaims"), problems);
        if (spec.has("os")) {
            var system = spec.get("os").path("name").asText("");
            if (system.isEmpty()) {
                problems.required(path + ".os.name", "cannot be empty");
            } else if (!SYSTEMS.contains(system)) {
                problems.notSupported(path + ".os", system, SYSTEMS);
            }
        }
        var runtime = spec.path("runtimeClassName");
        if (!runtime.isMissingNode()) {
            problems.invalid(path + ".runtimeClassName", runtime.asText(), Names.dns1123Subdomain(runtime.asText()));
        }
        spec.path("overhead").properties().forEach(amount -> {
            var at = Problems.at(path + ".overhead", amount.getKey());
            ResourceRules.checkContainerName(at, amount.getKey(), problems);
            ResourceRules.checkAmount(at, amount.getKey(), amount.getValue(), problems);
        });
    }

    private static void checkResolver(String path, JsonNode resolver, Problems problems) {
        var servers = resolver.path("nameservers");
        if (servers.size() > NAMESERVERS) {
            problems.invalid(path + ".nameservers", servers, "must not have more than 3 nameservers");
        }
        for (int i = 0; i < servers.size(); i++) {
            if (!Addresses.isIp(servers.get(i).asText())) {
                problems.invalid(
                        Problems.at(path + ".nameservers", i), servers.get(i).asText(), Addresses.IP_FORM);
            }
        }
        var searches = resolver.path("searches");
        if (searches.size() > SEARCHES) {
            problems.invalid(path + ".searches", searches, "must not have more than 32 search paths");
        }
        int characters = searches.size() - 1;
        for (int i = 0; i < searches.size(); i++) {
            var search = searches.get(i).asText();
            characters += search.length();
            if (!search.equals(".")) {
                var name = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
                problems.invalid(
                        Problems.at(path + ".searches", i), search, Names.dns1123Subdomain(name.replace('_', '-')));
            }
        }
        if (characters > SEARCH_CHARACTERS) {
            problems.invalid(
                    path + ".searches",
                    searches,
                    "must not have more than " + SEARCH_CHARACTERS
                            + " characters (including spaces) in the search list");
        }
        var options = resolver.path("options");
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).path("name").asText("").isEmpty()) {
                problems.required(Problems.at(path + ".options", i), "must not be empty");
            }
        }
    }

    private static void checkGates(String path, JsonNode spec, Problems problems) {
        var readiness = spec.path("readinessGates");
        for (int i = 0; i < readiness.size(); i++) {
            var type = readiness.get(i).path("conditionType").asText("");
            problems.invalid(
                    Problems.at(path + ".readinessGates", i) + ".conditionType", type, Names.qualifiedName(type));
        }
        var names = new HashSet<String>();
        var scheduling = spec.path("schedulingGates");
        for (int i = 0; i < scheduling.size(); i++) {
            var name = scheduling.get(i).path("name").asText("");
            var at = Problems.at(path + ".schedulingGates", i);
            problems.invalid(at, name, Names.qualifiedName(name));
            if (!names.add(name)) {
                problems.duplicate(at, name);
            }
        }
    }

    private static void checkClaims(String path, JsonNode claims, Problems problems) {
        var names = new HashSet<String>();
        for (int i = 0; i < claims.size(); i++) {
            var at = Problems.at(path, i);
            var claim = claims.get(i);
            var name = claim.path("name").asText("");
            if (name.isEmpty()) {
                problems.required(at + ".name", "");
            } else {
                problems.invalid(at + ".name", name, Names.dns1123Label(name));
            }
            if (!names.add(name)) {
                problems.duplicate(at + ".name", name);
            }
            boolean direct = claim.has("resourceClaimName");
            boolean template = claim.has("resourceClaimTemplateName");
            if (direct && template) {
                problems.invalid(
                        at,
                        claim,
                        "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
            } else if (!direct && !template) {
                problems.invalid(at, claim, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            }
        }
    }

    /// Two containers of a pod do not share a port of the node.
    static void checkHostPorts(String path, JsonNode containers, Problems problems) {
        var taken = new HashSet<String>();
        for (int i = 0; i < containers.size(); i++) {
            var ports = containers.get(i).path("ports");
            for (int j = 0; j < ports.size(); j++) {
                var port = ports.get(j);
                int number = port.path("hostPort").asInt(0);
                var name = port.path("protocol").asText("") + "/"
                        + port.path("hostIP").asText("") + "/" + number;
                if (number != 0 && !taken.add(name)) {
                    problems.duplicate(Problems.at(Problems.at(path, i) + ".ports", j) + ".hostPort", name);
                }
            }
        }
    }
}
