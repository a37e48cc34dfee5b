package dev.kapal.controllers.certificates;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Times;
import dev.kapal.pki.Pem;
import dev.kapal.pki.PkiException;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Removes requests for certificates that are over: an hour after they were issued, denied or failed, a day after they
/// were made or approved and nothing came of it, and when the issued certificate has ended. Keys are requests.
public final class CertificateCleanupReconciler implements Reconciler {
    private static final Duration SETTLED = Duration.ofHours(1);
    private static final Duration PENDING = Duration.ofHours(24);

    private final Cache<CertificateSigningRequest> requests;
    private final Api api;
    private final InstantSource time;

    public CertificateCleanupReconciler(Informers informers, Api api, InstantSource time) {
        this.requests = informers.of(CertificateSigningRequest.class);
        this.api = api;
        this.time = time;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(requests));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = requests.find(key);
        if (found.isEmpty()) {
            return Outcome.settled();
        }
        var end = end(found.get());
        if (end.isEmpty()) {
            return Outcome.settled();
        }
        var left = Duration.between(time.instant(), end.get());
        if (left.isPositive()) {
            return Outcome.again(left, "the request is kept for a while");
        }
        api.delete(CertificateSigningRequest.class, key, new DeleteOptions());
        return Outcome.settled();
    }

    /// When a request goes; empty when nothing in it says so.
    static Optional<Instant> end(CertificateSigningRequest request) {
        var ends = new ArrayList<Instant>();
        var certificate = Requests.certificate(request);
        updated(request, Requests.APPROVED)
                .ifPresent(at -> ends.add(at.plus(certificate.isPresent() ? SETTLED : PENDING)));
        updated(request, Requests.DENIED).ifPresent(at -> ends.add(at.plus(SETTLED)));
        updated(request, Requests.FAILED).ifPresent(at -> ends.add(at.plus(SETTLED)));
        if (Requests.conditions(request).isEmpty()) {
            Times.parse(request.getMetadata().getCreationTimestamp()).ifPresent(at -> ends.add(at.plus(PENDING)));
        }
        if (Requests.has(request, Requests.APPROVED)) {
            certificate.flatMap(CertificateCleanupReconciler::until).ifPresent(ends::add);
        }
        return ends.stream().min(Comparator.naturalOrder());
    }

    private static Optional<Instant> updated(CertificateSigningRequest request, String type) {
        return Requests.condition(request, type).flatMap(condition -> Times.parse(condition.getLastUpdateTime()));
    }

    private static Optional<Instant> until(String pem) {
        try {
            return Optional.of(Pem.certificates(pem).getFirst().getNotAfter().toInstant());
        } catch (PkiException unreadable) {
            return Optional.empty();
        }
    }
}
