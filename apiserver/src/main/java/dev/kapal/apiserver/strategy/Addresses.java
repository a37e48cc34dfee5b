package dev.kapal.apiserver.strategy;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// IP addresses in documents. Never asks a name server.
public final class Addresses {
    public static final String IP_FORM = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    public static final String CIDR_FORM = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    private Addresses() {}

    public static boolean isIp(String text) {
        return parse(text).isPresent();
    }

    static Optional<InetAddress> parse(String text) {
        if (text.isEmpty() || text.contains("%") || isShort(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    /// `10.1` for `10.0.0.1`, which Java knows and Kubernetes does not.
    private static boolean isShort(String text) {
        return text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3;
    }

    public static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return false;
        }
        var address = parse(text.substring(0, slash));
        try {
            int bits = Integer.parseInt(text.substring(slash + 1));
            return address.isPresent() && bits >= 0 && bits <= address.get().getAddress().length * 8;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    /// Whether the range `inner` is a part of `outer` and not all of it; both are ranges.
    public static boolean isStrictlyWithin(String inner, String outer) {
        int innerBits = bits(inner);
        int outerBits = bits(outer);
        var one = network(inner);
        var other = network(outer);
        if (one.length != other.length || innerBits <= outerBits) {
            return false;
        }
        for (int bit = 0; bit < outerBits; bit++) {
            if (((one[bit / 8] ^ other[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int bits(String cidr) {
        return Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1));
    }

    private static byte[] network(String cidr) {
        return parse(cidr.substring(0, cidr.indexOf('/'))).orElseThrow().getAddress();
    }

    private static boolean isLinkLocalMulticast(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == 4
                ? (bytes[0] & 0xff) == 224 && bytes[1] == 0 && bytes[2] == 0
                : (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xf) == 2;
    }

    /// Whether there are at most two and each is of another family.
    static boolean isDualStack(List<InetAddress> addresses) {
        return addresses.size() <= 2
                && addresses.stream().map(a -> a.getAddress().length).distinct().count() == addresses.size();
    }

    /// Addresses that cannot be an endpoint.
    static void checkNonSpecial(String path, String text, Problems problems) {
        var parsed = parse(text);
        if (parsed.isEmpty()) {
            problems.invalid(path, text, IP_FORM);
            return;
        }
        var address = parsed.get();
        if (address.isAnyLocalAddress()) {
            problems.invalid(path, text, "may not be unspecified (" + text + ")");
        }
        if (address.isLoopbackAddress()) {
            problems.invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (address.isLinkLocalAddress()) {
            problems.invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        if (isLinkLocalMulticast(address)) {
            problems.invalid(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }
}
