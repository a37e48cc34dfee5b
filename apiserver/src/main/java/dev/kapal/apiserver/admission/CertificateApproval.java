package dev.kapal.apiserver.admission;

/// Whoever approves a request for a certificate must have the right to approve for its signer, beside the right to
/// write the subresource.
final class CertificateApproval implements AdmissionPlugin.Validating {
    private final SignerRights rights;

    CertificateApproval(SignerRights rights) {
        this.rights = rights;
    }

    @Override
    public String name() {
        return "CertificateApproval";
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        if (!SignerRights.isRequest(request) || !request.subresource().equals("approval")) {
            return;
        }
        var signer = SignerRights.signer(request);
        if (!rights.has(request.user(), "approve", signer)) {
            throw request.forbidden("user not permitted to approve requests with signerName \"" + signer + "\"");
        }
    }
}
