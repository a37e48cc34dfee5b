package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Files that take each other's place in a volume, or that are also a directory of another.
final class VolumePathWarnings {
    private final List<String> warnings;

    private VolumePathWarnings(List<String> warnings) {
        this.warnings = warnings;
    }

    /// @param volumes of a pod
    static void of(JsonNode volumes, List<String> warnings) {
        var all = new VolumePathWarnings(warnings);
        volumes.forEach(all::volume);
    }

    private void volume(JsonNode volume) {
        var of = "volume \"" + volume.path("name").asText("") + "\" (";
        for (var source : List.of("configMap", "secret", "downwardAPI")) {
            items(volume, source).ifPresent(paths -> compare(of + title(source, volume) + ")", paths));
        }
        var sources = volume.path("projected").path("sources");
        var before = new LinkedHashSet<String>();
        for (var source : sources) {
            if (source.isEmpty()) {
                warnings.add(of + "Projected) has no sources provided");
                continue;
            }
            for (var kind :
                    List.of("configMap", "secret", "downwardAPI", "serviceAccountToken", "clusterTrustBundle")) {
                items(source, kind).ifPresent(paths -> {
                    var what = of + "Projected " + title(kind, source) + ")";
                    compare(what, paths);
                    compare(what, sorted(paths, before));
                    before.addAll(paths);
                });
            }
        }
    }

    /// What this source brings, once, and what is there already, in one order.
    private static List<String> sorted(Collection<String> paths, Collection<String> before) {
        var together = new ArrayList<>(new LinkedHashSet<>(paths));
        together.addAll(before);
        together.sort(null);
        return together;
    }

    private static Optional<List<String>> items(JsonNode holder, String source) {
        var found = holder.path(source);
        if (found.has("items")) {
            return Optional.of(found.get("items")
                    .valueStream()
                    .map(item -> item.path("path").asText(""))
                    .toList());
        }
        return found.has("path") ? Optional.of(List.of(found.get("path").asText())) : Optional.empty();
    }

    private static String title(String source, JsonNode holder) {
        var found = holder.path(source);
        return switch (source) {
            case "configMap" -> "ConfigMap " + quoted(found.path("name").asText(""));
            case "secret" ->
                "Secret "
                        + quoted(found.path(found.has("secretName") ? "secretName" : "name")
                                .asText(""));
            case "downwardAPI" -> "DownwardAPI";
            case "serviceAccountToken" -> "ServiceAccountToken";
            default ->
                "ClusterTrustBundle "
                        + quoted(found.path(found.has("name") ? "name" : "signerName")
                                .asText(""));
        };
    }

    private void compare(String what, Collection<String> paths) {
        var seen = new LinkedHashSet<String>();
        for (var path : paths) {
            var plain = path.replaceAll("/+$", "");
            seen.stream()
                    .filter(other -> overlap(plain, other))
                    .findFirst()
                    .ifPresent(other ->
                            warnings.add(what + ": overlapping paths: " + quoted(plain) + " with " + quoted(other)));
            seen.add(plain);
        }
    }

    private static boolean overlap(String one, String other) {
        return !one.isEmpty()
                && !other.isEmpty()
                && ((one + "/").startsWith(other + "/") || (other + "/").startsWith(one + "/"));
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
