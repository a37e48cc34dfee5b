package dev.kapal.controllers.certificates;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.PkiException;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;

/// Signs approved requests for Kubernetes' own signers with the cluster's authority. Keys are requests.
public final class CertificateSigningReconciler implements Reconciler {
    /// Longer ones are cut.
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final Duration SHORTEST = Duration.ofMinutes(10);

    private final Cache<CertificateSigningRequest> requests;
    private final Api api;
    private final CertificateAuthority authority;
    private final InstantSource time;

    public CertificateSigningReconciler(
            Informers informers, Api api, CertificateAuthority authority, InstantSource time) {
        this.requests = informers.of(CertificateSigningRequest.class);
        this.api = api;
        this.authority = authority;
        this.time = time;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(requests));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = requests.find(key);
        if (found.isEmpty() || !isDue(found.get())) {
            return Outcome.settled();
        }
        var request = found.get();
        var spec = request.getSpec();
        try {
            var parsed = Requests.parsed(request);
            var objection = SignerRules.objection(spec.getSignerName(), parsed, spec.getUsages());
            if (objection.isPresent()) {
                fail(request, objection.get());
            } else {
                issue(request, authority.sign(parsed, spec.getUsages(), ttl(spec.getExpirationSeconds())));
            }
        } catch (PkiException unreadable) {
            return new Outcome.GiveUp(unreadable.getMessage());
        }
        return Outcome.settled();
    }

    private static boolean isDue(CertificateSigningRequest request) {
        return SignerRules.isOurs(request.getSpec().getSignerName())
                && Requests.has(request, Requests.APPROVED)
                && !Requests.has(request, Requests.DENIED)
                && !Requests.has(request, Requests.FAILED)
                && Requests.certificate(request).isEmpty();
    }

    static Duration ttl(Integer seconds) {
        if (seconds == null) {
            return LONGEST;
        }
        var asked = Duration.ofSeconds(seconds);
        if (asked.compareTo(LONGEST) > 0) {
            return LONGEST;
        }
        return asked.compareTo(SHORTEST) < 0 ? SHORTEST : asked;
    }

    private void issue(CertificateSigningRequest request, String certificate) throws InterruptedException {
        api.updateStatus(new CertificateSigningRequestBuilder(request)
                .editOrNewStatus()
                .withCertificate(Base64.getEncoder().encodeToString(certificate.getBytes(StandardCharsets.UTF_8)))
                .endStatus()
                .build());
    }

    private void fail(CertificateSigningRequest request, String why) throws InterruptedException {
        api.updateStatus(new CertificateSigningRequestBuilder(request)
                .editOrNewStatus()
                .addNewCondition()
                .withType(Requests.FAILED)
                .withStatus("True")
                .withReason("SignerValidationFailure")
                .withMessage(why)
                .withLastUpdateTime(
                        time.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .endCondition()
                .endStatus()
                .build());
    }
}
