package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Whoever writes a certificate, or a condition, into a request must have the right to sign for its signer.
final class CertificateSigning implements AdmissionPlugin.Validating {
    private final SignerRights rights;

    CertificateSigning(SignerRights rights) {
        this.rights = rights;
    }

    @Override
    public String name() {
        return "CertificateSigning";
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        if (!SignerRights.isRequest(request) || !request.subresource().equals("status") || !isSigning(request)) {
            return;
        }
        var signer = SignerRights.signer(request);
        if (!rights.has(request.user(), "sign", signer)) {
            throw request.forbidden("user not permitted to sign requests with signerName \"" + signer + "\"");
        }
    }

    private static boolean isSigning(AdmissionRequest request) {
        var before = status(request.stored().orElseThrow());
        var after = status(request.object().orElseThrow());
        return !before.path("certificate").equals(after.path("certificate"))
                || !before.path("conditions").equals(after.path("conditions"));
    }

    private static JsonNode status(ObjectNode object) {
        return object.path("status");
    }
}
