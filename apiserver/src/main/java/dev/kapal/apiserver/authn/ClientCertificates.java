package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import dev.kapal.base.time.Time;
import dev.kapal.pki.Subject;
import dev.kapal.pki.TrustRoots;
import java.security.cert.X509Certificate;
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

    private final TrustRoots roots;
    private final Time time;
    private final Map<X509Certificate, Authenticator.Known> known = Collections.synchronizedMap(new Recent());

    public ClientCertificates(TrustRoots roots, Time time) {
        this.roots = roots;
        this.time = time;
    }

    /// @param chain not empty, the client's own certificate first
    Authenticator.Answer check(List<X509Certificate> chain) {
        var certificate = chain.getFirst();
        var remembered = known.get(certificate);
        Instant now = time.instant();
        if (remembered != null && isOf(now, certificate)) {
            return remembered;
        }
        var objection = roots.refuse(chain, now);
        if (objection.isPresent()) {
            return new Authenticator.Refused(objection.get());
        }
        var answer = new Authenticator.Known(user(certificate));
        known.put(certificate, answer);
        return answer;
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
