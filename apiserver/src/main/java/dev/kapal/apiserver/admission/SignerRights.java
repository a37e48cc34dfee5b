package dev.kapal.apiserver.admission;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authz.Authorizer;

/// Who may approve or sign for a signer: the right is on `signers`, by the signer's name or for all of its domain. Any
/// thread.
final class SignerRights {
    private static final String GROUP = "certificates.k8s.io";

    private final Authorizer authorizer;

    SignerRights(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    static boolean isRequest(AdmissionRequest request) {
        return request.isOf(GROUP, "certificatesigningrequests");
    }

    static String signer(AdmissionRequest request) {
        return request.stored()
                .or(request::object)
                .map(object -> object.path("spec").path("signerName").asText(""))
                .orElse("");
    }

    /// @param verb `approve`, `sign` or `attest`
    boolean has(User user, String verb, String signer) throws InterruptedException {
        if (isAllowed(user, verb, signer)) {
            return true;
        }
        int slash = signer.indexOf('/');
        return slash > 0 && isAllowed(user, verb, signer.substring(0, slash) + "/*");
    }

    private boolean isAllowed(User user, String verb, String name) throws InterruptedException {
        return authorizer
                .decide(user, RequestInfo.resource(verb, GROUP, "*", "", "signers", "", name))
                .allowed();
    }
}
