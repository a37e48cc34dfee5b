package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.HashSet;

/// The smaller parts of a pod's specification: name resolution, gates, claims, overhead. Source: core/v1 API reference,
/// PodSpec.
final class PodFieldRules {
    private static final int NAMESERVERS = 3;
    private static final int SEARCHES = 32;
    private static final int SEARCH_CHARACTERS = 2048;

    private PodFieldRules() {}

    static void checkResolver(String path, JsonNode spec, Problems problems) {
        var resolver = spec.path("dnsConfig");
        var servers = resolver.path("nameservers");
        if (spec.path("dnsPolicy").asText("").equals("None")) {
            if (resolver.isMissingNode()) {
                problems.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }
            if (servers.isEmpty()) {
                problems.required(
                        path + ".nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
                return;
            }
        }
        if (servers.size() > NAMESERVERS) {
            problems.invalid(path + ".nameservers", servers, "must not have more than 3 nameservers");
        }
        for (int i = 0; i < servers.size(); i++) {
            if (!Addresses.isIp(servers.get(i).asText())) {
                problems.invalid(
                        Problems.at(path + ".nameservers", i), servers.get(i).asText(), Addresses.IP_FORM);
            }
        }
        checkSearches(path + ".searches", resolver.path("searches"), problems);
        var options = resolver.path("options");
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).path("name").asText("").isEmpty()) {
                problems.required(Problems.at(path + ".options", i), "must not be empty");
            }
        }
    }

    private static void checkSearches(String path, JsonNode searches, Problems problems) {
        if (searches.size() > SEARCHES) {
            problems.invalid(path, searches, "must not have more than 32 search paths");
        }
        int characters = searches.size() - 1;
        for (var search : searches) {
            characters += search.asText().length();
        }
        if (characters > SEARCH_CHARACTERS) {
            problems.invalid(
                    path,
                    searches,
                    "must not have more than " + SEARCH_CHARACTERS
                            + " characters (including spaces) in the search list");
        }
        for (int i = 0; i < searches.size(); i++) {
            var search = searches.get(i).asText();
            if (!search.equals(".")) {
                var name = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
                problems.invalid(Problems.at(path, i), name, Names.serviceSubdomain(name));
            }
        }
    }

    static void checkGates(String path, JsonNode spec, Problems problems) {
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

    static void checkClaims(String path, JsonNode claims, Problems problems) {
        var names = new HashSet<String>();
        for (int i = 0; i < claims.size(); i++) {
            var at = Problems.at(path, i);
            var claim = claims.get(i);
            var name = claim.path("name").asText("");
            if (name.isEmpty()) {
                problems.required(at + ".name", "");
            } else if (!names.add(name)) {
                problems.duplicate(at + ".name", name);
            } else {
                problems.invalid(at + ".name", name, Names.dns1123Label(name));
            }
            checkClaimSource(at, claim, problems);
        }
    }

    private static void checkClaimSource(String path, JsonNode claim, Problems problems) {
        boolean direct = claim.has("resourceClaimName");
        boolean template = claim.has("resourceClaimTemplateName");
        var shown = GoStruct.of(claim, "Name", "ResourceClaimName?", "ResourceClaimTemplateName?");
        if (direct && template) {
            problems.invalid(
                    path, shown, "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
        } else if (!direct && !template) {
            problems.invalid(path, shown, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
        }
        for (var field : new String[] {"resourceClaimName", "resourceClaimTemplateName"}) {
            if (claim.has(field)) {
                var name = claim.get(field).asText();
                problems.invalid(path + "." + field, name, Names.dns1123Subdomain(name));
            }
        }
    }

    static void checkAliases(String path, JsonNode aliases, Problems problems) {
        for (int i = 0; i < aliases.size(); i++) {
            var at = Problems.at(path, i);
            var ip = aliases.get(i).path("ip").asText("");
            if (!Addresses.isIp(ip)) {
                problems.invalid(at + ".ip", ip, Addresses.IP_FORM);
            }
            var hosts = aliases.get(i).path("hostnames");
            for (int j = 0; j < hosts.size(); j++) {
                var host = hosts.get(j).asText();
                problems.invalid(Problems.at(at + ".hostnames", j), host, Names.dns1123Subdomain(host));
            }
        }
    }

    /// What a pod costs by itself is checked as limits are.
    static void checkOverhead(String path, JsonNode spec, Problems problems) {
        if (spec.get("overhead") instanceof ObjectNode overhead) {
            var limits = overhead.objectNode();
            limits.set("limits", overhead);
            RequirementRules.check(path, limits, ResourceRules::checkContainerName, problems);
        }
    }
}
