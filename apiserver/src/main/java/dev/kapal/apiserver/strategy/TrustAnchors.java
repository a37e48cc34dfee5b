package dev.kapal.apiserver.strategy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The rules for a text of PEM blocks, each of which is the certificate of an authority. What stands between blocks
/// means nothing. Pure. Source: API reference, ClusterTrustBundleSpec, `trustBundle`.
final class TrustAnchors {
    private static final int LONGEST = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^-----BEGIN ([^\\n-]*)-----[ \\t]*\\r?\\n(.*?)^-----END \\1-----[ \\t]*\\r?$");

    private TrustAnchors() {}

    static void check(String path, String text, Problems problems) {
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            problems.tooLong(path, LONGEST);
            return;
        }
        var wrong = new ArrayList<String>();
        var seen = new LinkedHashMap<String, List<Integer>>();
        var blocks = BLOCK.matcher(text);
        int index = 0;
        while (blocks.find()) {
            boolean hasHeaders = blocks.group(2).contains(":");
            var content = hasHeaders ? Optional.of(new byte[0]) : decoded(blocks.group(2));
            if (content.isEmpty()) {
                continue; // not a block at all
            }
            var why = !blocks.group(1).equals("CERTIFICATE")
                    ? "has bad block type: " + blocks.group(1)
                    : hasHeaders ? "has PEM block headers" : problem(content.get());
            if (why.isEmpty()) {
                seen.computeIfAbsent(HexFormat.of().formatHex(content.get()), der -> new ArrayList<>())
                        .add(index);
            } else {
                wrong.add("entry " + index + " " + why);
            }
            index++;
        }
        // a text with broken entries is not also blamed for what it lacks
        if (wrong.isEmpty() && seen.isEmpty()) {
            wrong.add("at least one trust anchor must be provided");
        } else if (wrong.isEmpty()) {
            seen.values().stream()
                    .filter(indices -> indices.size() > 1)
                    .forEach(indices -> wrong.add("duplicate trust anchor (indices "
                            + indices.toString().replace(",", "") + ")"));
        }
        wrong.forEach(detail -> problems.invalid(path, "<value omitted>", detail));
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64.replaceAll("\\s", "")));
        } catch (IllegalArgumentException garbage) {
            return Optional.empty();
        }
    }

    private static String problem(byte[] der) {
        try {
            var in = new ByteArrayInputStream(der);
            var certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            if (in.available() > 0) {
                return "does not parse as X.509";
            }
            return certificate.getBasicConstraints() < 0 ? "does not have the CA bit set" : "";
        } catch (CertificateException unreadable) {
            return "does not parse as X.509";
        }
    }
}
