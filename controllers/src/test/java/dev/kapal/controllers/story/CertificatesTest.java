package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Api;
import dev.kapal.client.Key;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.CertificateRequest;
import dev.kapal.pki.Pem;
import dev.kapal.pki.Profile;
import dev.kapal.testkit.Conformance;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A person asks for a certificate, somebody approves, and it is there.
@Timeout(300)
class CertificatesTest {
    @TempDir
    Path directory;

    private Town town;

    @BeforeEach
    void found() throws Exception {
        town = Town.start(directory);
    }

    @AfterEach
    void leave() throws Exception {
        if (town != null) {
            town.close();
        }
    }

    @Test
    void anApprovedRequestIsSigned() throws Exception {
        var keys = CertificateAuthority.curveKeys();
        ask("bob", Profile.client("bob", "dev"), keys, "client auth");
        approve("bob");
        town.await(
                CertificateSigningRequest.class,
                "a certificate",
                cache -> cache.all().stream()
                        .anyMatch(request -> request.getStatus().getCertificate() != null));
        var issued = Pem.certificates(new String(
                        Base64.getDecoder().decode(current("bob").getStatus().getCertificate()),
                        StandardCharsets.UTF_8))
                .getFirst();
        assertThat(issued.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(issued.getSubjectX500Principal().getName()).isEqualTo("CN=bob,O=dev");
        assertThat(Duration.between(
                        issued.getNotBefore().toInstant(), issued.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofMinutes(65));
    }

    @Test
    void aRequestThatTheSignerDoesNotTakeFails() throws Exception {
        ask("bob", Profile.client("bob", "dev"), CertificateAuthority.curveKeys(), "server auth");
        approve("bob");
        town.await(
                CertificateSigningRequest.class,
                "a failure",
                cache -> cache.all().stream()
                        .flatMap(request -> request.getStatus().getConditions().stream())
                        .anyMatch(condition -> condition.getType().equals("Failed")
                                && condition.getReason().equals("SignerValidationFailure")
                                && condition.getMessage().equals("invalid usage for client certificate: server auth")));
    }

    @Test
    @Conformance("auth-csr-api")
    void offersEveryOperation() throws Exception {
        var api = town.api();
        assertThat(api.get("/apis").toString()).contains("\"certificates.k8s.io/v1\"");
        var resources =
                api.get("/apis/certificates.k8s.io/v1").path("resources").toString();
        assertThat(resources)
                .contains("\"certificatesigningrequests\"")
                .contains("\"certificatesigningrequests/approval\"")
                .contains("\"certificatesigningrequests/status\"");
        String all = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
        var client = town.client().certificates().v1().certificateSigningRequests();
        var seen = new LinkedBlockingQueue<String>();
        try (var watching = client.watch(new Watcher<CertificateSigningRequest>() {
            @Override
            public void eventReceived(Action action, CertificateSigningRequest request) {
                seen.add(action + " " + request.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {}
        })) {
            ask("one", Profile.client("one"), CertificateAuthority.curveKeys(), "client auth");
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("ADDED one");
        }
        ask("two", Profile.client("two"), CertificateAuthority.curveKeys(), "client auth");
        assertThat(client.list().getItems()).hasSize(2);
        api.patch(all + "/one", Api.Patch.MERGE, "{\"metadata\":{\"labels\":{\"patched\":\"yes\"}}}");
        var one = api.get(all + "/one");
        assertThat(one.at("/metadata/labels/patched").asText()).isEqualTo("yes");
        api.put(all + "/one", one);
        assertThat(api.get(all + "/one/approval").path("kind").asText()).isEqualTo("CertificateSigningRequest");
        api.patch(
                all + "/one/approval",
                Api.Patch.MERGE,
                "{\"status\":{\"conditions\":[{\"type\":\"Denied\",\"status\":\"True\"}]}}");
        api.put(all + "/one/approval", api.get(all + "/one"));
        api.get(all + "/one/status");
        api.patch(all + "/one/status", Api.Patch.MERGE, "{\"metadata\":{\"annotations\":{\"patched\":\"yes\"}}}");
        api.put(all + "/one/status", api.get(all + "/one"));
        assertThat(api.delete(all + "/one", new DeleteOptions())).isTrue();
        assertThat(api.delete(all, new DeleteOptions())).isTrue();
        assertThat(client.list().getItems()).isEmpty();
    }

    private void ask(String name, Profile profile, KeyPair keys, String usage) throws Exception {
        String pem = CertificateRequest.create(profile, keys);
        town.api()
                .create(new CertificateSigningRequestBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withRequest(Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8)))
                        .withSignerName("kubernetes.io/kube-apiserver-client")
                        .withExpirationSeconds(3600)
                        .withUsages(List.of(usage))
                        .endSpec()
                        .build());
    }

    private void approve(String name) throws Exception {
        town.api()
                .update(
                        new CertificateSigningRequestBuilder(current(name))
                                .withNewStatus()
                                .addNewCondition()
                                .withType("Approved")
                                .withStatus("True")
                                .withReason("KubectlApprove")
                                .endCondition()
                                .endStatus()
                                .build(),
                        "approval");
    }

    private CertificateSigningRequest current(String name) throws Exception {
        return town.api()
                .fetch(CertificateSigningRequest.class, Key.cluster(name))
                .orElseThrow();
    }
}
