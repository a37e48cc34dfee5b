package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Whoever says whom to trust for a signer must have the right to attest for it. Source: Kubernetes documentation,
/// "Admission Control in Kubernetes", ClusterTrustBundleAttest.
final class ClusterTrustBundleAttest implements AdmissionPlugin.Validating {
    private final SignerRights rights;

    ClusterTrustBundleAttest(SignerRights rights) {
        this.rights = rights;
    }

    @Override
    public String name() {
        return "ClusterTrustBundleAttest";
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        if (!request.isOf("certificates.k8s.io", "clustertrustbundles")
                || !request.isCreate() && !request.isUpdate()
                || request.object().isEmpty()) {
            return;
        }
        var bundle = request.object().get();
        // the signer never changes, so the new object's is as good as the old one's
        var signer = bundle.path("spec").path("signerName").asText("");
        if (signer.isEmpty() || saysTheSame(request, bundle)) {
            return;
        }
        if (!rights.has(request.user(), "attest", signer)) {
            throw request.forbidden("user not permitted to attest for signerName \"" + signer + "\"");
        }
    }

    /// What the garbage collector and those do who store every object anew.
    private static boolean saysTheSame(AdmissionRequest request, ObjectNode bundle) {
        return request.isUpdate()
                && request.stored()
                        .map(before -> withoutOwners(before).equals(withoutOwners(bundle)))
                        .orElse(false);
    }

    private static JsonNode withoutOwners(ObjectNode object) {
        var copy = object.deepCopy();
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(List.of("ownerReferences", "finalizers", "managedFields", "resourceVersion"));
        }
        return copy;
    }
}
