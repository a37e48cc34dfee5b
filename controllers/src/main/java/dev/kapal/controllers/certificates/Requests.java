package dev.kapal.controllers.certificates;

import dev.kapal.pki.CertificateRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// What a request for a certificate says. Stateless.
final class Requests {
    static final String APPROVED = "Approved";
    static final String DENIED = "Denied";
    static final String FAILED = "Failed";

    private Requests() {}

    static List<CertificateSigningRequestCondition> conditions(CertificateSigningRequest request) {
        var status = request.getStatus();
        return status == null || status.getConditions() == null ? List.of() : status.getConditions();
    }

    static Optional<CertificateSigningRequestCondition> condition(CertificateSigningRequest request, String type) {
        return conditions(request).stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    static boolean has(CertificateSigningRequest request, String type) {
        return condition(request, type).isPresent();
    }

    /// The certificate in PEM, if it was issued.
    static Optional<String> certificate(CertificateSigningRequest request) {
        return Optional.ofNullable(request.getStatus())
                .map(status -> status.getCertificate())
                .filter(base64 -> !base64.isEmpty())
                .map(Requests::decoded);
    }

    /// @throws dev.kapal.pki.PkiException when it cannot be read
    static CertificateRequest parsed(CertificateSigningRequest request) {
        return CertificateRequest.parse(decoded(request.getSpec().getRequest()));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
