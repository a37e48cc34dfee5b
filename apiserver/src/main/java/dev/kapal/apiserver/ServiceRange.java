package dev.kapal.apiserver;

import java.net.Inet4Address;
import java.util.Optional;
import java.util.regex.Pattern;

/// The range of cluster IPs. As upstream, what stands behind the prefix does not count: `10.96.0.1/16` is
/// `10.96.0.0/16`. Immutable.
///
/// Source: `--service-cluster-ip-range`.
record ServiceRange(int base, int bits) {
    private static final int LONGEST = 29;
    private static final Pattern QUAD = Pattern.compile("\\d+(\\.\\d+){3}");

    /// @throws IllegalArgumentException for what is no range of IPv4 addresses, or too small
    static ServiceRange of(String cidr) {
        var slash = cidr.indexOf('/');
        var address = slash < 0 ? Optional.<Integer>empty() : address(cidr.substring(0, slash));
        var bits = slash < 0 ? -1 : bits(cidr.substring(slash + 1));
        if (address.isEmpty() || bits < 0 || bits > Integer.SIZE) {
            throw new IllegalArgumentException("service-cluster-ip-range[0] is not a valid cidr");
        }
        if (bits > LONGEST) {
            throw new IllegalArgumentException(
                    "error determining service IP ranges for primary service cidr: the service"
                            + " cluster IP range must be at least 8 IP addresses");
        }
        return new ServiceRange(bits == 0 ? 0 : address.get() & -1 << Integer.SIZE - bits, bits);
    }

    /// `10.96.0.0/16`.
    String cidr() {
        return dotted(base) + "/" + bits;
    }

    /// The first address behind the network's own: `10.96.0.1`.
    String first() {
        return dotted(base + 1);
    }

    private static Optional<Integer> address(String text) {
        if (!QUAD.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            int number = 0;
            for (byte part : Inet4Address.ofLiteral(text).getAddress()) {
                number = number << 8 | part & 255;
            }
            return Optional.of(number);
        } catch (IllegalArgumentException another) {
            return Optional.empty();
        }
    }

    private static int bits(String text) {
        return text.matches("\\d{1,2}") ? Integer.parseInt(text) : -1;
    }

    private static String dotted(int n) {
        return (n >>> 24) + "." + (n >> 16 & 255) + "." + (n >> 8 & 255) + "." + (n & 255);
    }
}
