package dev.kapal.pki;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What a certificate may be used for, by the names of the Certificates API. Immutable. Source: API reference,
/// certificates.k8s.io/v1, KeyUsage; RFC 5280, 4.2.1.3 and 4.2.1.12.
public final class KeyUsages {
    /// Places in the string of bits, the first in the highest of sixteen.
    private static final Map<String, Integer> BITS = Map.of(
            "signing", 0x8000,
            "digital signature", 0x8000,
            "content commitment", 0x4000,
            "key encipherment", 0x2000,
            "data encipherment", 0x1000,
            "key agreement", 0x0800,
            "cert sign", 0x0400,
            "crl sign", 0x0200,
            "encipher only", 0x0100,
            "decipher only", 0x0080);

    private static final Map<String, String> PURPOSES = Map.ofEntries(
            Map.entry("any", "2.5.29.37.0"),
            Map.entry("server auth", "1.3.6.1.5.5.7.3.1"),
            Map.entry("client auth", "1.3.6.1.5.5.7.3.2"),
            Map.entry("code signing", "1.3.6.1.5.5.7.3.3"),
            Map.entry("email protection", "1.3.6.1.5.5.7.3.4"),
            Map.entry("s/mime", "1.3.6.1.5.5.7.3.4"),
            Map.entry("ipsec end system", "1.3.6.1.5.5.7.3.5"),
            Map.entry("ipsec tunnel", "1.3.6.1.5.5.7.3.6"),
            Map.entry("ipsec user", "1.3.6.1.5.5.7.3.7"),
            Map.entry("timestamping", "1.3.6.1.5.5.7.3.8"),
            Map.entry("ocsp signing", "1.3.6.1.5.5.7.3.9"),
            Map.entry("microsoft sgc", "1.3.6.1.4.1.311.10.3.3"),
            Map.entry("netscape sgc", "2.16.840.1.113730.4.1"));

    private KeyUsages() {}

    /// Every name there is, in order.
    public static List<String> names() {
        var names = new TreeSet<>(BITS.keySet());
        names.addAll(PURPOSES.keySet());
        return List.copyOf(names);
    }

    static int bits(Collection<String> usages) {
        int bits = 0;
        for (var usage : usages) {
            bits |= BITS.getOrDefault(usage, 0);
        }
        return bits;
    }

    /// The object identifiers of extended usages, each once.
    static List<String> purposes(Collection<String> usages) {
        var found = new ArrayList<String>();
        for (var usage : usages) {
            var oid = PURPOSES.get(usage);
            if (oid != null && !found.contains(oid)) {
                found.add(oid);
            }
        }
        return found;
    }
}
