package dev.kapal.pki;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A certificate on disk: what a person asks about it. Immutable.
///
/// @param name the file's, without `.crt`
public record CertificateFile(String name, X509Certificate certificate) {
    private static final Duration NOTICE = Duration.ofDays(365);

    static List<CertificateFile> in(Path directory) throws IOException {
        var found = new ArrayList<CertificateFile>();
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.crt")) {
            for (var file : files) {
                String name = file.getFileName().toString();
                found.add(new CertificateFile(name.substring(0, name.length() - ".crt".length()), read(file)));
            }
        }
        found.sort(Comparator.comparing((CertificateFile file) -> !file.isAuthority())
                .thenComparing(CertificateFile::name));
        return List.copyOf(found);
    }

    private static X509Certificate read(Path file) throws IOException {
        try {
            return Pem.certificates(Files.readString(file)).getFirst();
        } catch (PkiException broken) {
            throw new PkiException(file + ": " + broken.getMessage(), broken);
        }
    }

    /// Whether it is an authority that should be replaced, which is work for people, who need time: within its last
    /// year.
    public boolean isAuthorityDue(Instant now) {
        return isAuthority() && isAuthorityDue(certificate, now);
    }

    static boolean isAuthorityDue(X509Certificate certificate, Instant now) {
        return now.plus(NOTICE).isAfter(certificate.getNotAfter().toInstant());
    }

    public boolean isAuthority() {
        return certificate.getBasicConstraints() >= 0;
    }

    /// The common name of whoever vouches for it.
    public String issuer() {
        return Subject.of(certificate.getIssuerX500Principal()).commonName();
    }

    public Subject subject() {
        return Subject.of(certificate.getSubjectX500Principal());
    }

    /// The names and addresses of a server.
    public List<String> names() {
        return Profile.of(certificate).names();
    }

    public Instant until() {
        return certificate.getNotAfter().toInstant();
    }
}
