package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;

/// Certificate requests without a signer: who signs followed from what the request is for.
final class CertificateRequestSpoke implements Spoke {
    static final Spoke SPOKE = new CertificateRequestSpoke();

    private static final String SIGNATURE = "digital signature";
    private static final String ENCIPHERMENT = "key encipherment";

    @Override
    public void toStored(ObjectNode document) {
        Fields.object(document, "spec").ifPresent(spec -> {
            if (spec.path("usages").isEmpty()) {
                spec.putArray("usages").add(SIGNATURE).add(ENCIPHERMENT);
            }
            if (spec.path("signerName").asText("").isEmpty()) {
                spec.put("signerName", signer(spec));
            }
        });
    }

    @Override
    public void toServed(ObjectNode document) {}

    private static String signer(ObjectNode spec) {
        var usages = new HashSet<String>();
        spec.path("usages").forEach(usage -> usages.add(usage.asText()));
        usages.remove(ENCIPHERMENT);
        var request = RequestedSubject.of(spec.path("request").asText(""));
        if (request.isNode()) {
            if (!request.hasAlternativeNames() && usages.equals(Set.of(SIGNATURE, "client auth"))) {
                return "kubernetes.io/kube-apiserver-client-kubelet";
            }
            if (request.hasAlternativeNames() && usages.equals(Set.of(SIGNATURE, "server auth"))) {
                return "kubernetes.io/kubelet-serving";
            }
        }
        return "kubernetes.io/legacy-unknown";
    }
}
