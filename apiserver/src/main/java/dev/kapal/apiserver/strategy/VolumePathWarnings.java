package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Files that take each other's place in a volume, or that are also a directory of another.
final class VolumePathWarnings {
    private static final List<String> ALONE = List.of("configMap", "secret", "downwardAPI");
    private static final List<String> PROJECTED =
            List.of("configMap", "secret", "downwardAPI", "serviceAccountToken", "clusterTrustBundle");

    /// A file of a volume.
    ///
    /// @param source that brings it; empty where there is one only
    private record Place(String path, String source) {
        boolean overlaps(Place other) {
            return !path.isEmpty()
                    && !other.path.isEmpty()
                    && ((path + "/").startsWith(other.path + "/") || (other.path + "/").startsWith(path + "/"));
        }

        @Override
        public String toString() {
            return source.isEmpty() ? quoted(path) : quoted(path) + " (" + source + ")";
        }
    }

    private final String volume;
    private final List<String> warnings;

    private VolumePathWarnings(String volume, List<String> warnings) {
        this.volume = volume;
        this.warnings = warnings;
    }

    /// @param volumes of a pod
    static void of(JsonNode volumes, List<String> warnings) {
        for (var volume : volumes) {
            var name = "volume " + quoted(volume.path("name").asText(""));
            new VolumePathWarnings(name, warnings).look(volume);
        }
    }

    private void look(JsonNode holder) {
        for (var kind : ALONE) {
            compare(title(kind, holder), places(holder, kind, ""));
        }
        var all = Stream.<Place>builder();
        for (var source : holder.path("projected").path("sources")) {
            if (source.isEmpty()) {
                warnings.add(volume + " (Projected) has no sources provided");
            }
            projected(source)
                    .ifPresent(kind -> places(source, kind, title(kind, source)).forEach(all));
        }
        compare("Projected", all.build());
    }

    /// What a source of a projected volume is, if it says which files it brings.
    private static Optional<String> projected(JsonNode source) {
        return PROJECTED.stream()
                .filter(kind ->
                        source.path(kind).has("items") || source.path(kind).has("path"))
                .findFirst();
    }

    private static Stream<Place> places(JsonNode holder, String kind, String source) {
        var found = holder.path(kind);
        var files = found.has("path") ? Stream.of(found) : found.path("items").valueStream();
        return files.map(file -> new Place(file.path("path").asText("").replaceAll("/+$", ""), source));
    }

    private static String title(String kind, JsonNode holder) {
        var found = holder.path(kind);
        return switch (kind) {
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

    private void compare(String what, Stream<Place> places) {
        var seen = new ArrayList<Place>();
        places.forEach(place -> {
            seen.stream()
                    .filter(place::overlaps)
                    .map(other -> volume + " (" + what + "): overlapping paths: " + place + " with " + other)
                    .forEach(warnings::add);
            seen.add(place);
        });
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
