package dev.kapal.apiserver.strategy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// How newer kinds write addresses and ranges: one text for one thing. Source: apimachinery, strict validation of IPs
/// and CIDRs; RFC 5952 for the text of IPv6.
public final class AddressForm {
    private static final Pattern LEADING_ZERO = Pattern.compile("(^|[./])0+(?=\\d)");
    private static final String INTERFACE_FORM =
            "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)";
    private static final Pattern MAPPED = Pattern.compile("(::ffff:[0-9.]+)/(9[6-9]|1[0-2]\\d)");
    private static final int GROUPS = 8;

    private AddressForm() {}

    public static List<String> ipProblems(String text) {
        var plain = withoutZeros(text);
        var address = Addresses.parse(plain);
        if (address.isEmpty()) {
            return List.of(Addresses.IP_FORM);
        }
        if (!plain.equals(text)) {
            return List.of("must not have leading 0s");
        }
        if (isMapped(address.get(), text)) {
            return List.of("must not be an IPv4-mapped IPv6 address");
        }
        return canonical(text, text(address.get()));
    }

    public static List<String> cidrProblems(String text) {
        var plain = withoutZeros(text);
        if (!Addresses.isCidr(plain)) {
            return List.of(Addresses.CIDR_FORM);
        }
        if (!plain.equals(text)) {
            return List.of("must not have leading 0s in IP or prefix length");
        }
        int slash = text.indexOf('/');
        var address = Addresses.parse(text.substring(0, slash)).orElseThrow();
        if (isMapped(address, text)) {
            return List.of("must not have an IPv4-mapped IPv6 address");
        }
        if (!network(address, Integer.parseInt(text.substring(slash + 1))).equals(address)) {
            return List.of("must not have bits set beyond the prefix length");
        }
        return canonical(text, text(address) + text.substring(slash));
    }

    /// Of an address with the length of its network's prefix.
    public static List<String> interfaceProblems(String text) {
        var plain = withoutZeros(text);
        var mapped = MAPPED.matcher(plain); // 96 bits of its prefix are those before the IPv4 address
        if (mapped.matches()) {
            plain = mapped.group(1) + "/" + (Integer.parseInt(mapped.group(2)) - 96);
        }
        if (!Addresses.isCidr(plain)) {
            return List.of(INTERFACE_FORM);
        }
        int slash = plain.indexOf('/');
        var address = Addresses.parse(plain.substring(0, slash)).orElseThrow();
        return canonical(text, text(address) + plain.substring(slash));
    }

    /// Whether a range is one of IPv6; empty for what is no range.
    public static Optional<Boolean> isSix(String cidr) {
        return Addresses.isCidr(cidr) ? Optional.of(cidr.indexOf(':') >= 0) : Optional.empty();
    }

    static String withoutZeros(String text) {
        return text.indexOf(':') < 0 ? LEADING_ZERO.matcher(text).replaceAll("$1") : text;
    }

    private static boolean isMapped(InetAddress address, String text) {
        return address instanceof Inet4Address && text.indexOf(':') >= 0;
    }

    private static List<String> canonical(String text, String canonical) {
        return text.equals(canonical) ? List.of() : List.of("must be in canonical form (\"" + canonical + "\")");
    }

    /// The first address of the range that this one is in.
    static InetAddress network(InetAddress address, int prefix) {
        var bytes = address.getAddress();
        for (int bit = prefix; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(1 << 7 - bit % 8);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible); // the length is an address's
        }
    }

    /// The one text of an address: the longest run of zero groups, the first of several, is `::`.
    static String text(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        var groups = new int[GROUPS];
        var bytes = address.getAddress();
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 255) << 8 | bytes[2 * i + 1] & 255;
        }
        int start = 0;
        int length = 1; // a single zero stays
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (length > 1 && i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
