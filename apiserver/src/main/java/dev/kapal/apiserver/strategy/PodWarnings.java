package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.storage.ClaimWarnings;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What people should know of a pod or a template although it is accepted: what is on its way out, what does something
/// else than it seems to. Pure.
public final class PodWarnings {
    private static final Map<String, String> OLD_VOLUMES = oldVolumes();
    private static final Map<String, String> OLD_ANNOTATIONS = oldAnnotations();
    private static final String NO_SECCOMP = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
    static final String MATCHES_NOTHING = ".labelSelector: a null labelSelector results in matching no pod";

    private final List<String> warnings = new ArrayList<>();
    /// Of what holds metadata and specification, with a dot at its end; empty for a pod.
    private final String prefix;

    private final JsonNode annotations;
    private final JsonNode spec;

    private PodWarnings(String prefix, JsonNode holder) {
        this.prefix = prefix;
        annotations = holder.path("metadata").path("annotations");
        spec = holder.path("spec");
    }

    /// In the order in which upstream warns.
    private static Map<String, String> oldVolumes() {
        var volumes = new LinkedHashMap<String, String>();
        volumes.put("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+");
        volumes.put("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+");
        volumes.put("scaleIO", "deprecated in v1.16, non-functional in v1.22+");
        volumes.put("flocker", "deprecated in v1.22, non-functional in v1.25+");
        volumes.put("storageos", "deprecated in v1.22, non-functional in v1.25+");
        volumes.put("quobyte", "deprecated in v1.22, non-functional in v1.25+");
        volumes.put("glusterfs", "deprecated in v1.25, non-functional in v1.26+");
        volumes.put("cephfs", "deprecated in v1.28, non-functional in v1.31+");
        volumes.put("rbd", "deprecated in v1.28, non-functional in v1.31+");
        return volumes;
    }

    private static Map<String, String> oldAnnotations() {
        var old = new LinkedHashMap<String, String>();
        old.put(
                "scheduler.alpha.kubernetes.io/critical-pod",
                "non-functional in v1.16+; use the \"priorityClassName\" field instead");
        for (var key : List.of("sysctls", "unsafe-sysctls")) {
            old.put(
                    "security.alpha.kubernetes.io/" + key,
                    "non-functional in v1.11+; use the \"sysctls\" field instead");
        }
        return old;
    }

    /// @param path of the template
    public static List<String> ofTemplate(String path, JsonNode template) {
        var all = new PodWarnings(path + ".", template);
        all.gather();
        return all.warnings;
    }

    /// What the owner of pods hears of its own name, by which theirs begin.
    public static List<String> ofOwnerName(JsonNode owner) {
        var details = Names.dns1123Label(owner.path("metadata").path("name").asText(""));
        return details.isEmpty()
                ? List.of()
                : List.of("metadata.name: this is used in Pod names and hostnames, which can result in surprising"
                        + " behavior; a DNS label is recommended: [" + String.join(" ", details) + "]");
    }

    static List<String> ofPod(JsonNode pod) {
        var all = new PodWarnings("", pod);
        var name = pod.path("metadata").path("name").asText("");
        var details = Names.dns1123Label(name);
        if (!details.isEmpty()) {
            all.warnings.add(
                    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS"
                            + " label is recommended: [" + String.join(" ", details) + "]");
        }
        all.gather();
        return all.warnings;
    }

    private void gather() {
        var path = prefix + "spec";
        NodeLabelWarnings.ofPod(path, spec, warnings);
        OLD_ANNOTATIONS.forEach(this::annotation);
        volumes(path + ".volumes");
        VolumePathWarnings.of(spec.path("volumes"), warnings);
        aliases(path + ".hostAliases");
        secrets(path + ".imagePullSecrets");
        fractions(path + ".overhead", spec.path("overhead"), List.of("memory", "ephemeral-storage"));
        if (!spec.path("securityContext").has("seccompProfile")) {
            annotation(ProfileAnnotations.SECCOMP_POD, NO_SECCOMP);
        }
        ContainerLists.visit(path, spec, this::container);
        PortWarnings.of(path, spec, warnings);
        if (spec.path("terminationGracePeriodSeconds").asLong(0) < 0) {
            warnings.add(path + ".terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be"
                    + " treated as 1");
        }
        for (var kind : List.of("podAffinity", "podAntiAffinity")) {
            var affinity = spec.path("affinity").path(kind);
            var at = path + ".affinity." + kind + ".";
            nullSelectors(at + AffinityRules.REQUIRED, "", affinity.path(AffinityRules.REQUIRED));
            nullSelectors(at + AffinityRules.PREFERRED, "podAffinityTerm", affinity.path(AffinityRules.PREFERRED));
        }
        addresses(path);
    }

    private void addresses(String path) {
        var servers = spec.path("dnsConfig").path("nameservers");
        for (int i = 0; i < servers.size(); i++) {
            var at = Problems.at(path + ".dnsConfig.nameservers", i);
            warnings.addAll(AddressWarnings.ofIp(at, servers.get(i).asText()));
        }
        var aliases = spec.path("hostAliases");
        for (int i = 0; i < aliases.size(); i++) {
            var at = Problems.at(path + ".hostAliases", i) + ".ip";
            warnings.addAll(AddressWarnings.ofIp(at, aliases.get(i).path("ip").asText("")));
        }
    }

    private void annotation(String key, String message) {
        if (annotations.has(key)) {
            warnings.add(prefix + "metadata.annotations[" + key + "]: " + message);
        }
    }

    /// @param within the field of an item that has the selector; empty when it has it itself
    private void nullSelectors(String path, String within, JsonNode items) {
        for (int i = 0; i < items.size(); i++) {
            var holder = within.isEmpty() ? items.get(i) : items.get(i).path(within);
            if (!holder.has("labelSelector")) {
                warnings.add(Problems.at(path, i) + (within.isEmpty() ? "" : "." + within) + MATCHES_NOTHING);
            }
        }
    }

    private void volumes(String path) {
        var volumes = spec.path("volumes");
        for (int i = 0; i < volumes.size(); i++) {
            var at = Problems.at(path, i);
            var volume = volumes.get(i);
            ofVolume(at, volume, OLD_VOLUMES.keySet(), warnings);
            var claim = volume.path("ephemeral").path("volumeClaimTemplate").path("spec");
            warnings.addAll(ClaimWarnings.of(at + ".ephemeral.volumeClaimTemplate.spec", claim));
        }
    }

    /// Of a source of volumes that is on its way out, or gone.
    ///
    /// @param path of what has the source
    /// @param sources that are looked at
    public static void ofVolume(String path, JsonNode holder, Set<String> sources, List<String> warnings) {
        OLD_VOLUMES.forEach((source, message) -> {
            if (holder.has(source) && sources.contains(source)) {
                warnings.add(path + "." + (source.equals("storageos") ? "storageOS" : source) + ": " + message);
            }
        });
    }

    private void aliases(String path) {
        var seen = new HashSet<String>();
        var aliases = spec.path("hostAliases");
        for (int i = 0; i < aliases.size(); i++) {
            var address = aliases.get(i).path("ip").asText("");
            if (!seen.add(address)) {
                warnings.add(Problems.at(path, i) + ".ip: duplicate ip \"" + address + "\"");
            }
        }
    }

    private void secrets(String path) {
        var seen = new HashSet<String>();
        var secrets = spec.path("imagePullSecrets");
        for (int i = 0; i < secrets.size(); i++) {
            var name = secrets.get(i).path("name").asText("");
            if (!seen.add(name)) {
                warnings.add(Problems.at(path, i) + ".name: duplicate name \"" + name + "\"");
            }
        }
        for (int i = 0; i < secrets.size(); i++) {
            if (secrets.get(i).path("name").asText("").isEmpty()) {
                warnings.add(Problems.at(path, i) + ".name: invalid empty name \"\"");
            }
        }
    }

    private void container(String path, JsonNode container) {
        var name = container.path("name").asText("");
        if (!container.path("securityContext").has("seccompProfile")) {
            annotation(ProfileAnnotations.SECCOMP + name, NO_SECCOMP);
        }
        boolean confined = spec.path("securityContext").has("appArmorProfile")
                || container.path("securityContext").has("appArmorProfile");
        if (!prefix.isEmpty() && !confined) {
            annotation(
                    ProfileAnnotations.APP_ARMOR + name,
                    "deprecated since v1.30; use the \"appArmorProfile\" field instead");
        }
        for (var resource : List.of("memory", "ephemeral-storage")) {
            for (var kind : List.of("limits", "requests")) {
                var amounts = container.path("resources").path(kind);
                fractions(path + ".resources." + kind, amounts, List.of(resource));
            }
        }
        variables(path + ".env", container.path("env"));
    }

    private void fractions(String path, JsonNode amounts, List<String> resources) {
        for (var resource : resources) {
            ResourceRules.fraction(Problems.at(path, resource), amounts.path(resource))
                    .ifPresent(warnings::add);
        }
    }

    /// A variable may be defined twice when the second builds on the first.
    private void variables(String path, JsonNode variables) {
        var seen = new HashSet<String>();
        for (int i = 0; i < variables.size(); i++) {
            var name = variables.get(i).path("name").asText("");
            var value = variables.get(i).path("value").asText("");
            var reference = "$(" + name + ")";
            boolean builds = value.contains(reference)
                    && !value.equals(reference)
                    && !variables.get(i).has("valueFrom");
            if (!seen.add(name) && !builds) {
                warnings.add(Problems.at(path, i) + ": hides previous definition of \"" + name
                        + "\", which may be dropped when using apply");
            }
        }
    }
}
