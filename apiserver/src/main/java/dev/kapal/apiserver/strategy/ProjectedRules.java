package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A directory put together from several sources. Source: core/v1 API reference, ProjectedVolumeSource.
final class ProjectedRules {
    private static final String CONFLICT = "conflicting duplicate paths";
    private static final List<String> SOURCES =
            List.of("secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle");
    private static final long SHORTEST = 600;

    private ProjectedRules() {}

    static void check(String path, JsonNode projected, Problems problems) {
        FileRules.checkMode(path + ".defaultMode", projected.path("defaultMode"), problems);
        var places = new HashSet<String>();
        var sources = projected.path("sources");
        for (int i = 0; i < sources.size(); i++) {
            var at = Problems.at(path + ".sources", i);
            var source = sources.get(i);
            checkSource(path, at, source, places, problems);
            if (SOURCES.stream().filter(source::has).count() > 1) {
                problems.forbidden(at, "may not specify more than 1 volume type per source");
            }
        }
    }

    /// @param path of the volume, which is where upstream tells of places that conflict
    private static void checkSource(String path, String at, JsonNode source, Set<String> places, Problems problems) {
        for (var keyed : List.of("secret", "configMap")) {
            if (source.has(keyed)) {
                checkKeys(path, at + "." + keyed, source.get(keyed), places, problems);
            }
        }
        for (var file : source.path("downwardAPI").path("items")) {
            FileRules.checkDownwardFile(at + ".downwardAPI", file, problems);
            var place = file.path("path").asText("");
            if (!place.isEmpty() && !places.add(place)) {
                problems.invalid(path, place, CONFLICT);
            }
        }
        if (source.has("serviceAccountToken")) {
            checkToken(path, at + ".serviceAccountToken", source.get("serviceAccountToken"), problems);
        }
        if (source.has("clusterTrustBundle")) {
            checkBundle(path, at + ".clusterTrustBundle", source.get("clusterTrustBundle"), places, problems);
        }
    }

    private static void checkKeys(String path, String at, JsonNode source, Set<String> places, Problems problems) {
        var name = source.path("name").asText("");
        if (name.isEmpty()) {
            problems.required(at + ".name", "");
        }
        FileRules.checkItems(at + ".items", source.path("items"), problems);
        for (var item : source.path("items")) {
            var place = item.path("path").asText("");
            if (!place.isEmpty() && !places.add(place)) {
                problems.invalid(path, name, CONFLICT);
            }
        }
    }

    private static void checkToken(String path, String at, JsonNode token, Problems problems) {
        long seconds = token.path("expirationSeconds").asLong();
        if (seconds < SHORTEST) {
            problems.invalid(at + ".expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
        }
        if (seconds > 1L << 32) {
            problems.invalid(at + ".expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
        }
        FileRules.checkPlace(path, token.path("path").asText(""), problems);
    }

    private static void checkBundle(String path, String at, JsonNode bundle, Set<String> places, Problems problems) {
        var name = bundle.path("name").asText("");
        var signer = bundle.path("signerName").asText("");
        if (bundle.has("name") && bundle.has("signerName")) {
            problems.invalid(at, bundle, "only one of name and signerName may be used");
        } else if (bundle.has("name")) {
            if (name.isEmpty()) {
                problems.required(at + ".name", "must be a valid object name");
            }
            for (var detail : Names.dns1123Subdomain(name.substring(name.lastIndexOf(':') + 1))) {
                problems.invalid(at + ".name", name, "not a valid clustertrustbundlename: " + detail);
            }
            if (bundle.has("labelSelector")) {
                problems.invalid(
                        at + ".labelSelector",
                        bundle.get("labelSelector"),
                        "labelSelector must be unset if name is specified");
            }
        } else if (bundle.has("signerName")) {
            if (signer.isEmpty()) {
                problems.required(at + ".signerName", "must be a valid signer name");
            }
            var ofSigner = new Problems();
            CertificateRequestRules.checkSigner(signer, true, ofSigner);
            problems.addAt(at + ".signerName", ofSigner);
            WorkloadRules.checkSelectorFields(at + ".labelSelector", bundle.path("labelSelector"), problems);
        } else {
            problems.required(at, "either name or signerName must be specified");
        }
        var place = bundle.path("path").asText("");
        FileRules.checkPlace(at, place, problems);
        if (!places.add(place)) {
            problems.invalid(path, place, CONFLICT);
        }
    }
}
