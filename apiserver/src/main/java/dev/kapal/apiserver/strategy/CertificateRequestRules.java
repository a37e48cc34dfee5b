package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import dev.kapal.model.codec.GoText;
import dev.kapal.pki.CertificateRequest;
import dev.kapal.pki.KeyUsages;
import dev.kapal.pki.PkiException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// What makes a request for a certificate valid. Stateless.
final class CertificateRequestRules {
    private static final String LEGACY = "kubernetes.io/legacy-unknown";
    private static final String CONDITIONS = "status.conditions";
    private static final String SIGNER = "spec.signerName";
    private static final int SUBDOMAIN = 253;
    private static final int LABEL = 63;
    private static final int SHORTEST = 600;
    /// These are either there or not.
    private static final List<String> VERDICTS = List.of("Approved", "Denied", "Failed");

    private CertificateRequestRules() {}

    /// @param legacy whether the signer of the first version is allowed, too
    static void check(ObjectNode request, boolean legacy, Problems problems) {
        var spec = request.path("spec");
        checkRequest(spec.path("request"), problems);
        checkUsages(spec.path("usages"), problems);
        checkSigner(spec.path("signerName").asText(""), legacy, problems);
        var seconds = spec.path("expirationSeconds");
        if (seconds.isNumber() && seconds.asInt() < SHORTEST) {
            problems.invalid(
                    "spec.expirationSeconds",
                    seconds.asInt(),
                    "may not specify a duration less than 600 seconds (10 minutes)");
        }
        checkConditions(request.path("status").path("conditions"), problems);
        checkCertificate(request.path("status").path("certificate").asText(""), problems);
    }

    /// @param approves whether the write comes through `/approval`
    static void checkUpdate(ObjectNode request, ObjectNode stored, boolean approves, Problems problems) {
        for (var type : VERDICTS) {
            if (CertificateRequestStrategy.conditions(request, type).size()
                    < CertificateRequestStrategy.conditions(stored, type).size()) {
                problems.forbidden(CONDITIONS, "updates may not remove a condition of type \"" + type + "\"");
            }
        }
        if (!approves) {
            for (var type : List.of("Approved", "Denied")) {
                if (CertificateRequestStrategy.conditions(request, type).size()
                        > CertificateRequestStrategy.conditions(stored, type).size()) {
                    problems.forbidden(CONDITIONS, "updates may not add a condition of type \"" + type + "\"");
                }
            }
        }
        var before = stored.path("status").path("certificate").asText("");
        if (!before.equals(request.path("status").path("certificate").asText("")) && !before.isEmpty()) {
            problems.forbidden("status.certificate", "updates may not modify existing certificate content");
        }
    }

    private static void checkRequest(JsonNode request, Problems problems) {
        try {
            CertificateRequest.parse(text(request.asText("")));
        } catch (PkiException broken) {
            problems.invalid("spec.request", request.asText(""), broken.getMessage());
        }
    }

    private static void checkUsages(JsonNode usages, Problems problems) {
        if (usages.isEmpty()) {
            problems.required("spec.usages", "");
        }
        var known = KeyUsages.names();
        for (int i = 0; i < usages.size(); i++) {
            if (!known.contains(usages.get(i).asText())) {
                problems.notSupported(
                        Problems.at("spec.usages", i), usages.get(i).asText(), known);
            }
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < usages.size(); i++) {
            if (!seen.add(usages.get(i).asText())) {
                problems.duplicate(Problems.at("spec.usages", i), usages.get(i).asText());
            }
        }
    }

    /// `example.com/signer-name`.
    static void checkSigner(String signer, boolean legacy, Problems problems) {
        if (signer.isEmpty()) {
            problems.required(SIGNER, "");
            return;
        }
        if (signer.equals(LEGACY) && !legacy) {
            problems.invalid(SIGNER, signer, "the legacy signerName is not allowed via this API version");
            return;
        }
        var segments = signer.split("/", -1);
        if (segments.length != 2) {
            problems.invalid(
                    SIGNER, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        if (segments[0].length() > SUBDOMAIN) {
            problems.tooLong(SIGNER, SUBDOMAIN);
        }
        var domain = List.of(segments[0].split("\\.", -1));
        for (var label : domain) {
            if (isWrong(segments[0], label, Names.dns1123Label(label), problems)) {
                break;
            }
        }
        if (domain.size() < 2) {
            problems.invalid(SIGNER, segments[0], "should be a domain with at least two segments separated by dots");
        }
        for (var label : segments[1].split("\\.", -1)) {
            if (isWrong(segments[1], label, Names.dns1123Subdomain(label), problems)) {
                break;
            }
        }
        int longest = SUBDOMAIN + SUBDOMAIN + LABEL + 2;
        if (signer.length() > longest) {
            problems.tooLong(SIGNER, longest);
        }
    }

    private static boolean isWrong(String segment, String label, List<String> why, Problems problems) {
        why.forEach(detail -> problems.invalid(SIGNER, segment, "validating label \"" + label + "\": " + detail));
        return !why.isEmpty();
    }

    private static void checkConditions(JsonNode conditions, Problems problems) {
        var seen = new HashSet<String>();
        for (int i = 0; i < conditions.size(); i++) {
            var at = Problems.at(CONDITIONS, i);
            var type = conditions.get(i).path("type").asText("");
            if (type.isEmpty()) {
                problems.required(at + ".type", "");
            }
            problems.oneOf(
                    at + ".status",
                    conditions.get(i).path("status").asText(""),
                    VERDICTS.contains(type) ? List.of("True") : List.of("False", "True", "Unknown"));
            if (type.equals("Approved") && seen.contains("Denied")
                    || type.equals("Denied") && seen.contains("Approved")) {
                problems.invalid(at + ".type", type, "Approved and Denied conditions are mutually exclusive");
            }
            if (!seen.add(type)) {
                problems.duplicate(at + ".type", type);
            }
        }
    }

    private static void checkCertificate(String base64, Problems problems) {
        if (base64.isEmpty()) {
            return;
        }
        var blocks = PemBlocks.of(text(base64));
        var problem = blocks.isEmpty()
                ? Optional.of("must contain at least one CERTIFICATE PEM block")
                : blocks.stream()
                        .map(CertificateRequestRules::problem)
                        .flatMap(Optional::stream)
                        .findFirst();
        problem.ifPresent(why -> problems.invalid("status.certificate", "<certificate data>", why));
    }

    private static Optional<String> problem(PemBlocks.Block block) {
        if (!block.label().equals(PemBlocks.CERTIFICATE)) {
            return Optional.of("only CERTIFICATE PEM blocks are allowed, found " + GoText.quote(block.label()));
        }
        if (block.hasHeaders()) {
            return Optional.of("no PEM block headers are permitted");
        }
        if (block.content().length == 0) {
            return Optional.of("found CERTIFICATE PEM block containing 0 certificates");
        }
        try {
            CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(block.content()));
            return Optional.empty();
        } catch (CertificateException broken) {
            return Optional.of("x509: malformed certificate");
        }
    }

    private static String text(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return "";
        }
    }
}
