package dev.kapal.agent.join;

import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Key;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.CertificateRequest;
import dev.kapal.pki.Identity;
import dev.kapal.pki.Pem;
import dev.kapal.pki.Profile;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Asks the API for certificates. The key is made here and stays here. Any thread; blocks.
public final class CertificateClient {
    private static final Duration GLANCE = Duration.ofMillis(200);
    private static final String SERVING = "kubernetes.io/kubelet-serving";
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";

    private final Api api;
    private final Time time;

    public CertificateClient(KubernetesClient client, Time time) {
        this.api = new Api(client);
        this.time = time;
    }

    /// The certificate by which the node's agent is known.
    Optional<Identity> nodeClient(String node, Duration patience) throws InterruptedException {
        return issue(
                CLIENT,
                new Profile(
                        "system:node:" + node,
                        List.of("system:nodes"),
                        List.of(),
                        false,
                        true,
                        Profile.KeyKind.CURVE,
                        Profile.YEAR),
                "client auth",
                patience);
    }

    /// The certificate that the node's own server shows.
    Optional<Identity> nodeServing(String node, List<String> names, Duration patience) throws InterruptedException {
        return issue(
                SERVING,
                new Profile(
                        "system:node:" + node,
                        List.of("system:nodes"),
                        names,
                        true,
                        false,
                        Profile.KeyKind.CURVE,
                        Profile.YEAR),
                "server auth",
                patience);
    }

    /// Empty when nobody approved within `patience`; a later call asks anew.
    ///
    /// @throws JoinException when the request was denied or has failed
    private Optional<Identity> issue(String signer, Profile profile, String usage, Duration patience)
            throws InterruptedException {
        var keys = CertificateAuthority.curveKeys();
        String pem = CertificateRequest.create(profile, keys);
        var key = Key.of(api.create(new CertificateSigningRequestBuilder()
                .withNewMetadata()
                .withGenerateName("csr-")
                .endMetadata()
                .withNewSpec()
                .withRequest(Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8)))
                .withSignerName(signer)
                .withUsages("digital signature", usage)
                .endSpec()
                .build()));
        long end = time.nanos() + patience.toNanos();
        while (time.nanos() - end < 0) {
            var request = api.fetch(CertificateSigningRequest.class, key)
                    .orElseThrow(
                            () -> new JoinException("the request for a certificate " + key.name() + " was deleted"));
            var certificate = certificate(request);
            if (certificate.isPresent()) {
                return Optional.of(new Identity(Pem.certificates(certificate.get()), keys.getPrivate()));
            }
            time.sleep(GLANCE);
        }
        return Optional.empty();
    }

    private static Optional<String> certificate(CertificateSigningRequest request) {
        var status = request.getStatus();
        if (status == null) {
            return Optional.empty();
        }
        for (var condition : status.getConditions()) {
            if (condition.getType().equals("Denied") || condition.getType().equals("Failed")) {
                throw new JoinException("the request for a certificate %s was %s: %s"
                        .formatted(
                                request.getMetadata().getName(),
                                condition.getType().equals("Denied") ? "denied" : "not signed",
                                condition.getMessage()));
            }
        }
        return Optional.ofNullable(status.getCertificate())
                .filter(base64 -> !base64.isEmpty())
                .map(base64 -> new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    }

    static boolean isUnauthorized(KubernetesClientException refusal) {
        return refusal.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED;
    }
}
