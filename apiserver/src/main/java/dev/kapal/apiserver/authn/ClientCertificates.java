package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.pki.Subject;
import dev.kapal.pki.TrustRoots;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Client certificates: the common name is the user, the organizations are the groups. Any thread.
///
/// A verdict is remembered for as long as the certificate is valid: checking a signature costs more than all the rest
/// of a small request.
public final class ClientCertificates {
    private static final int REMEMBERED = 1024;
    /// From nothing over half an hour, some hours, days and months to a year.
    private static final double[] SECONDS = {
        0, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 345600, 604800, 2592000, 7776000, 15552000, 31104000
    };

    private final TrustRoots roots;
    private final Time time;
    private final Metrics.Histogram.Series remaining;
    private final Map<X509Certificate, Authenticator.Known> known = Collections.synchronizedMap(new Recent());

    public ClientCertificates(TrustRoots roots, Metrics metrics, Time time) {
        this.roots = roots;
        this.time = time;
        this.remaining = metrics.histogram(
                        "apiserver_client_certificate_expiration_seconds",
                        "Distribution of the remaining lifetime on the certificate used to authenticate a request.",
                        SECONDS)
                .series();
    }

    /// @param chain not empty, the client's own certificate first
    Authenticator.Answer check(List<X509Certificate> chain) {
        var certificate = chain.getFirst();
        var remembered = known.get(certificate);
        Instant now = time.instant();
        if (remembered != null && isOf(now, certificate)) {
            observe(certificate, now);
            return remembered;
        }
        var objection = roots.refuse(chain, now);
        if (objection.isPresent()) {
            return new Authenticator.Refused(objection.get());
        }
        var answer = new Authenticator.Known(user(certificate));
        known.put(certificate, answer);
        observe(certificate, now);
        return answer;
    }

    private void observe(X509Certificate certificate, Instant now) {
        remaining.observe(
                Duration.between(now, certificate.getNotAfter().toInstant()).toSeconds());
    }

    private static boolean isOf(Instant now, X509Certificate certificate) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && now.isBefore(certificate.getNotAfter().toInstant());
    }

    private static User user(X509Certificate certificate) {
        var subject = Subject.of(certificate.getSubjectX500Principal());
        return new User(subject.commonName(), "", subject.organizations(), Map.of());
    }

    private static final class Recent extends LinkedHashMap<X509Certificate, Authenticator.Known> {
        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<X509Certificate, Authenticator.Known> eldest) {
            return size() > REMEMBERED;
        }
    }
}
