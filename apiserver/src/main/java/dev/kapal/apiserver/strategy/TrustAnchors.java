package dev.kapal.apiserver.strategy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;

/// The rules for a text of PEM blocks, each of which is the certificate of an authority. What stands between blocks
/// means nothing. Pure. Source: API reference, ClusterTrustBundleSpec, `trustBundle`.
final class TrustAnchors {
    private static final int LONGEST = 1 << 20;

    private TrustAnchors() {}

    static void check(String path, String text, Problems problems) {
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            problems.tooLong(path, LONGEST);
            return;
        }
        var wrong = new ArrayList<String>();
        var seen = new LinkedHashMap<String, List<Integer>>();
        int index = 0;
        for (var block : PemBlocks.of(text)) {
            var why = problem(block);
            if (why.isEmpty()) {
                seen.computeIfAbsent(HexFormat.of().formatHex(block.content()), der -> new ArrayList<>())
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

    private static String problem(PemBlocks.Block block) {
        if (!block.label().equals(PemBlocks.CERTIFICATE)) {
            return "has bad block type: " + block.label();
        }
        return block.hasHeaders() ? "has PEM block headers" : problem(block.content());
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
