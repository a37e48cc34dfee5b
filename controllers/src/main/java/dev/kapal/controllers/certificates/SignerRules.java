package dev.kapal.controllers.certificates;

import dev.kapal.pki.CertificateRequest;
import dev.kapal.pki.Subject;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What Kubernetes' own signers ask of a request before they sign it. Pure. Source: Kubernetes documentation,
/// "Certificates and Certificate Signing Requests", section "Kubernetes signers".
final class SignerRules {
    static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    static final String NODE_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    static final String NODE_SERVING = "kubernetes.io/kubelet-serving";
    static final String LEGACY = "kubernetes.io/legacy-unknown";

    private static final String SIGNATURE = "digital signature";
    private static final String ENCIPHERMENT = "key encipherment";
    private static final String CLIENT_AUTH = "client auth";
    private static final String SERVER_AUTH = "server auth";

    private SignerRules() {}

    static boolean isOurs(String signer) {
        return List.of(CLIENT, NODE_CLIENT, NODE_SERVING, LEGACY).contains(signer);
    }

    /// Why `signer`, which is one of ours, does not sign this; empty when it does.
    static Optional<String> objection(String signer, CertificateRequest request, Collection<String> usages) {
        return switch (signer) {
            case CLIENT -> client(usages);
            case NODE_CLIENT -> nodeClient(request, usages);
            case NODE_SERVING -> nodeServing(request, usages);
            default -> Optional.empty();
        };
    }

    private static Optional<String> client(Collection<String> usages) {
        var other = usages.stream()
                .filter(usage -> !Set.of(SIGNATURE, ENCIPHERMENT, CLIENT_AUTH).contains(usage))
                .findFirst();
        if (other.isPresent()) {
            return Optional.of("invalid usage for client certificate: " + other.get());
        }
        return usages.contains(CLIENT_AUTH)
                ? Optional.empty()
                : Optional.of("missing required usage for client certificate: " + CLIENT_AUTH);
    }

    static Optional<String> nodeClient(CertificateRequest request, Collection<String> usages) {
        var subject = Subject.of(request.subject());
        var names = request.names();
        if (!subject.organizations().equals(List.of("system:nodes"))) {
            return Optional.of("subject organization is not system:nodes");
        }
        if (!names.dns().isEmpty()) {
            return Optional.of("DNS subjectAltNames are not allowed");
        }
        if (!names.emails().isEmpty()) {
            return Optional.of("Email subjectAltNames are not allowed");
        }
        if (!names.addresses().isEmpty()) {
            return Optional.of("IP subjectAltNames are not allowed");
        }
        if (!names.uris().isEmpty()) {
            return Optional.of("URI subjectAltNames are not allowed");
        }
        if (!subject.commonName().startsWith("system:node:")) {
            return Optional.of("subject common name does not begin with system:node:");
        }
        return usages(usages, CLIENT_AUTH);
    }

    private static Optional<String> nodeServing(CertificateRequest request, Collection<String> usages) {
        var subject = Subject.of(request.subject());
        var names = request.names();
        if (!subject.organizations().equals(List.of("system:nodes"))) {
            return Optional.of("subject organization is not system:nodes");
        }
        if (names.dns().isEmpty() && names.addresses().isEmpty()) {
            return Optional.of("DNS or IP subjectAltName is required");
        }
        if (!names.emails().isEmpty()) {
            return Optional.of("Email subjectAltNames are not allowed");
        }
        if (!names.uris().isEmpty()) {
            return Optional.of("URI subjectAltNames are not allowed");
        }
        var usage = usages(usages, SERVER_AUTH);
        if (usage.isPresent()) {
            return usage;
        }
        return subject.commonName().startsWith("system:node:")
                ? Optional.empty()
                : Optional.of("subject common name does not begin with system:node:");
    }

    private static Optional<String> usages(Collection<String> usages, String purpose) {
        var asked = Set.copyOf(usages);
        return asked.equals(Set.of(SIGNATURE, ENCIPHERMENT, purpose)) || asked.equals(Set.of(SIGNATURE, purpose))
                ? Optional.empty()
                : Optional.of("usages did not match ["
                        + String.join(
                                " ",
                                Stream.of(SIGNATURE, ENCIPHERMENT, purpose)
                                        .sorted()
                                        .toList())
                        + "]");
    }
}
