package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Certificates of authorities to trust, of a signer or of nobody in particular; the name says which. Source: API
/// reference, certificates.k8s.io/v1beta1, ClusterTrustBundle.
final class TrustBundleStrategy implements Strategy {
    private static final String SIGNER_FIELD = "spec.signerName";

    /// The name depends on the signer, so it is checked with the rest.
    @Override
    public List<String> nameProblems(String name) {
        return List.of();
    }

    @Override
    public Set<String> selectable() {
        return Set.of(SIGNER_FIELD);
    }

    @Override
    public Map<String, String> fields(ObjectNode object) {
        return Map.of(SIGNER_FIELD, object.path("spec").path("signerName").asText(""));
    }

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var signer = candidate.path("spec").path("signerName").asText("");
        var name = candidate.path("metadata").path("name").asText("");
        problems.invalid("metadata.name", name, nameProblems(name, signer));
        if (!signer.isEmpty()) {
            CertificateRequestRules.checkSigner(signer, true, problems);
        }
        var bundle = bundle(candidate);
        // what was let in once may stay, though parsers get stricter
        if (stored.isEmpty() || !bundle(stored.get()).equals(bundle)) {
            TrustAnchors.check("spec.trustBundle", bundle, problems);
        }
        stored.ifPresent(before -> problems.unchanged(
                "spec.signerName",
                candidate.path("spec").path("signerName"),
                before.path("spec").path("signerName")));
    }

    private static String bundle(ObjectNode object) {
        return object.path("spec").path("trustBundle").asText("");
    }

    private static List<String> nameProblems(String name, String signer) {
        if (name.isEmpty()) {
            return List.of();
        }
        if (signer.isEmpty()) {
            return name.contains(":")
                    ? List.of("ClusterTrustBundle without signer name must not have \":\" in its name")
                    : Names.dns1123Subdomain(name);
        }
        var prefix = signer.replace('/', ':') + ":";
        return name.startsWith(prefix)
                ? Names.dns1123Subdomain(name.substring(prefix.length()))
                : List.of("ClusterTrustBundle for signerName " + signer + " must be named with prefix " + prefix);
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
