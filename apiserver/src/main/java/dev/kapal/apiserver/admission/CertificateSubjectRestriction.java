package dev.kapal.apiserver.admission;

import dev.kapal.pki.CertificateRequest;
import dev.kapal.pki.PkiException;
import dev.kapal.pki.Subject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Nobody asks for a client certificate of the group that may do everything: it could not be taken back.
final class CertificateSubjectRestriction implements AdmissionPlugin.Validating {
    private static final String SIGNER = "kubernetes.io/kube-apiserver-client";
    private static final String MASTERS = "system:masters";

    @Override
    public String name() {
        return "CertificateSubjectRestriction";
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!SignerRights.isRequest(request)
                || !request.isCreate()
                || !request.subresource().isEmpty()
                || !SignerRights.signer(request).equals(SIGNER)) {
            return;
        }
        var pem = request.object().orElseThrow().path("spec").path("request").asText("");
        try {
            var asked = CertificateRequest.parse(new String(Base64.getDecoder().decode(pem), StandardCharsets.UTF_8));
            if (Subject.of(asked.subject()).organizations().contains(MASTERS)) {
                throw request.forbidden("use of " + SIGNER + " signer with " + MASTERS + " group is not allowed");
            }
        } catch (PkiException | IllegalArgumentException unreadable) {
            throw request.forbidden("unable to parse CSR: " + unreadable.getMessage());
        }
    }
}
