package dev.kapal.agent.join;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kapal.pki.Pem;
import dev.kapal.pki.PkiException;
import dev.kapal.pki.TlsContexts;
import dev.kapal.pki.TrustRoots;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Finds out whom to trust before anything is trusted. The cluster publishes its authority for everybody in the
/// ConfigMap `kube-public/cluster-info`, signed with each token; a machine believes it when the signature is that of
/// its
/// token and the authority's key has the hash that the person was given.
///
/// Source: Kubernetes documentation, "Authenticating with Bootstrap Tokens", section "ConfigMap Signing".
public final class Discovery {
    private static final String PATH = "/api/v1/namespaces/kube-public/configmaps/cluster-info";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// Certificates are dated back by as much.
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String server;
    private final BootstrapToken token;
    private final InstantSource time;

    /// @param server `https://HOST:PORT`
    public Discovery(String server, BootstrapToken token, InstantSource time) {
        this.server = server;
        this.token = token;
        this.time = time;
    }

    /// The cluster's authority.
    ///
    /// @param hash `sha256:…` of its public key, as `kapal token create` prints it
    /// @throws JoinException when it is not certain, saying why
    public TrustRoots authority(String hash) throws InterruptedException {
        var answer = fetch();
        checkClock(answer);
        if (answer.statusCode() != 200) {
            throw new JoinException(
                    "the cluster at %s lets no nodes join (%d for cluster-info); make a token there first: ./kapal token create"
                            .formatted(server, answer.statusCode()));
        }
        var data = read(answer.body()).path("data");
        String kubeconfig = data.path("kubeconfig").asText("");
        checkSignature(kubeconfig, data.path("jws-kubeconfig-" + token.id()).asText(""));
        var roots = roots(kubeconfig);
        if (!roots.hashes().contains(hash)) {
            throw new JoinException(
                    "the cluster at %s has another authority than --ca-hash says (%s); it is another cluster, or the hash is wrong; nothing was trusted"
                            .formatted(server, String.join(", ", roots.hashes())));
        }
        return roots;
    }

    private HttpResponse<String> fetch() throws InterruptedException {
        // Whoever answers is believed nothing yet.
        try (var client = HttpClient.newBuilder()
                .sslContext(TlsContexts.anyServer())
                .connectTimeout(PATIENCE)
                .build()) {
            var request = HttpRequest.newBuilder(URI.create(server + PATH))
                    .header("Accept", "application/json")
                    .timeout(PATIENCE)
                    .build();
            return client.send(request, BodyHandlers.ofString());
        } catch (ConnectException refused) {
            throw new JoinException("nothing answers at %s; check the address, and that this machine may reach the port"
                    .formatted(server));
        } catch (IOException failure) {
            throw new JoinException(
                    "the API server at %s cannot be reached: %s".formatted(server, failure.getMessage()));
        } catch (IllegalArgumentException senseless) {
            throw new JoinException("--server must look like https://HOST:6443, not %s".formatted(server));
        }
    }

    /// The two clocks must agree, or no certificate will be valid.
    private void checkClock(HttpResponse<String> answer) {
        var header = answer.headers().firstValue("Date");
        if (header.isEmpty()) {
            return;
        }
        try {
            Instant theirs = ZonedDateTime.parse(header.get(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Instant ours = time.instant();
            if (Duration.between(ours, theirs).abs().compareTo(SKEW) > 0) {
                throw new JoinException(
                        "this machine's clock says %s and the API server's says %s; set them right, for example with NTP"
                                .formatted(ours, theirs));
            }
        } catch (DateTimeException unreadable) {
            return; // told later, by a certificate that is not valid
        }
    }

    private JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException another) {
            throw new JoinException("what answers at %s is not a Kubernetes API server".formatted(server));
        }
    }

    /// A signature whose content is elsewhere: `header..signature`.
    private void checkSignature(String kubeconfig, String signature) {
        if (signature.isEmpty()) {
            throw new JoinException(
                    "the token %s is not known to the cluster at %s, or has expired; make a new one there: ./kapal token create"
                            .formatted(token.id(), server));
        }
        var parts = signature.split("\\.", -1);
        var encoder = Base64.getUrlEncoder().withoutPadding();
        String content = encoder.encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8));
        byte[] expected = hmac(parts[0] + "." + content);
        if (parts.length != 3
                || !MessageDigest.isEqual(
                        encoder.encodeToString(expected).getBytes(StandardCharsets.US_ASCII),
                        parts[2].getBytes(StandardCharsets.US_ASCII))) {
            throw new JoinException(
                    "the secret part of the token is wrong, or somebody between this machine and %s changed the answer; nothing was trusted"
                            .formatted(server));
        }
    }

    private byte[] hmac(String signed) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(token.secret().getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private TrustRoots roots(String kubeconfig) {
        var document = JSON.valueToTree(Serialization.unmarshal(kubeconfig, Map.class));
        String data = document.path("clusters")
                .path(0)
                .path("cluster")
                .path("certificate-authority-data")
                .asText("");
        try {
            return new TrustRoots(
                    Pem.certificates(new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8)));
        } catch (PkiException | IllegalArgumentException broken) {
            throw new JoinException(
                    "the authority that %s publishes cannot be read: %s".formatted(server, broken.getMessage()));
        }
    }
}
