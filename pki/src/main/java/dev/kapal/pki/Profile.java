package dev.kapal.pki;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a certificate shall say.
///
/// @param organizations become the groups of a client
/// @param names DNS names and IP addresses of a server
public record Profile(
        String commonName,
        List<String> organizations,
        List<String> names,
        boolean server,
        boolean client,
        KeyKind kind,
        Duration ttl) {
    /// Some Kubernetes clients read only RSA keys from a kubeconfig; everybody else gets the faster curve.
    public enum KeyKind {
        CURVE,
        RSA
    }

    /// As long as upstream's tools give.
    public static final Duration YEAR = Duration.ofDays(365);

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    public Profile {
        organizations = List.copyOf(organizations);
        names = List.copyOf(names);
    }

    /// A component of the cluster that calls others.
    public static Profile client(String commonName, String... organizations) {
        return new Profile(commonName, List.of(organizations), List.of(), false, true, KeyKind.CURVE, YEAR);
    }

    /// Somebody who calls with tools of their own.
    public static Profile person(String commonName, Duration ttl, String... organizations) {
        return new Profile(commonName, List.of(organizations), List.of(), false, true, KeyKind.RSA, ttl);
    }

    public static Profile server(String commonName, List<String> names) {
        return new Profile(commonName, List.of(), names, true, false, KeyKind.CURVE, YEAR);
    }

    /// A kubelet is both: it serves and it calls.
    public static Profile node(String nodeName, List<String> addresses) {
        var names = new ArrayList<String>();
        names.add(nodeName);
        names.addAll(addresses);
        return new Profile("system:node:" + nodeName, List.of("system:nodes"), names, true, true, KeyKind.CURVE, YEAR);
    }

    /// What a certificate says, to issue another of its kind for as long again.
    public static Profile of(X509Certificate certificate) {
        var subject = Subject.of(certificate.getSubjectX500Principal());
        var life = Duration.between(
                certificate.getNotBefore().toInstant().plus(Certificates.SKEW),
                certificate.getNotAfter().toInstant());
        return new Profile(
                subject.commonName(),
                subject.organizations(),
                names(certificate),
                uses(certificate).contains(SERVER_AUTH),
                uses(certificate).contains(CLIENT_AUTH),
                certificate.getPublicKey().getAlgorithm().equals("RSA") ? KeyKind.RSA : KeyKind.CURVE,
                life);
    }

    /// Names as certificates give them back: the JDK writes an IPv6 address in full.
    static List<String> normal(List<String> names) {
        return names.stream().map(Profile::normal).toList();
    }

    private static String normal(String name) {
        try {
            return name.indexOf(':') < 0 ? name : InetAddress.getByName(name).getHostAddress();
        } catch (UnknownHostException senseless) {
            return name;
        }
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            return alternatives == null
                    ? List.of()
                    : alternatives.stream()
                            .map(pair -> String.valueOf(pair.get(1)))
                            .toList();
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }

    private static List<String> uses(X509Certificate certificate) {
        try {
            var uses = certificate.getExtendedKeyUsage();
            return uses == null ? List.of() : uses;
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }
}
