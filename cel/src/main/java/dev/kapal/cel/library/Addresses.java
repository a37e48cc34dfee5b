package dev.kapal.cel.library;

import com.google.common.net.InetAddresses;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/// `ip`, `cidr` and what they consist of. Source: Kubernetes CEL library, IP and CIDR; written forms are those of Go's
/// `netip`: no leading zeros, no zones, no IPv4 in IPv6.
final class Addresses {
    static final OpaqueType IP = OpaqueType.create("net.IP");
    static final OpaqueType CIDR = OpaqueType.create("net.CIDR");

    private static final List<CelType> TEXT = List.of(SimpleType.STRING);
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");

    private Addresses() {}

    record Ip(InetAddress address) {
        int bits() {
            return address.getAddress().length * 8;
        }

        @Override
        public String toString() {
            return InetAddresses.toAddrString(address);
        }
    }

    record Cidr(Ip ip, int prefix) {
        boolean contains(Ip other) {
            return ip.bits() == other.bits() && mask(ip, prefix).equals(mask(other, prefix));
        }

        @Override
        public String toString() {
            return ip + "/" + prefix;
        }
    }

    static FunctionSet functions() {
        var set = new FunctionSet()
                .global("ip", "string_to_ip", IP, TEXT, args -> ip((String) args[0]))
                .global("isIP", "is_ip", SimpleType.BOOL, TEXT, args -> is(() -> ip((String) args[0])))
                .global(
                        "ip.isCanonical",
                        "ip_is_canonical",
                        SimpleType.BOOL,
                        TEXT,
                        args -> ip((String) args[0]).toString().equals(args[0]))
                .global("string", "ip_to_string", SimpleType.STRING, List.of(IP), args -> args[0].toString())
                .member(
                        "family",
                        "ip_family",
                        SimpleType.INT,
                        List.of(IP),
                        args -> address(args).bits() == 32 ? 4L : 6L)
                .global("cidr", "string_to_cidr", CIDR, TEXT, args -> cidr((String) args[0]))
                .global("isCIDR", "is_cidr", SimpleType.BOOL, TEXT, args -> is(() -> cidr((String) args[0])))
                .global("string", "cidr_to_string", SimpleType.STRING, List.of(CIDR), args -> args[0].toString())
                .member("ip", "cidr_ip", IP, List.of(CIDR), args -> ((Cidr) args[0]).ip())
                .member("masked", "cidr_masked", CIDR, List.of(CIDR), args -> masked((Cidr) args[0]))
                .member("prefixLength", "cidr_prefix_length", SimpleType.INT, List.of(CIDR), args ->
                        (long) ((Cidr) args[0]).prefix());
        kinds(set);
        containment(set);
        return set;
    }

    private static void kinds(FunctionSet set) {
        set.member(
                        "isUnspecified",
                        "ip_is_unspecified",
                        SimpleType.BOOL,
                        List.of(IP),
                        args -> address(args).address().isAnyLocalAddress())
                .member(
                        "isLoopback",
                        "ip_is_loopback",
                        SimpleType.BOOL,
                        List.of(IP),
                        args -> address(args).address().isLoopbackAddress())
                .member(
                        "isLinkLocalMulticast",
                        "ip_is_link_local_multicast",
                        SimpleType.BOOL,
                        List.of(IP),
                        args -> isLinkLocalMulticast(address(args)))
                .member(
                        "isLinkLocalUnicast",
                        "ip_is_link_local_unicast",
                        SimpleType.BOOL,
                        List.of(IP),
                        args -> address(args).address().isLinkLocalAddress())
                .member(
                        "isGlobalUnicast",
                        "ip_is_global_unicast",
                        SimpleType.BOOL,
                        List.of(IP),
                        args -> isGlobalUnicast(address(args)));
    }

    private static void containment(FunctionSet set) {
        set.member(
                        "containsIP",
                        "cidr_contains_ip_string",
                        SimpleType.BOOL,
                        List.of(CIDR, SimpleType.STRING),
                        args -> ((Cidr) args[0]).contains(ip((String) args[1])))
                .member(
                        "containsIP",
                        "cidr_contains_ip_ip",
                        SimpleType.BOOL,
                        List.of(CIDR, IP),
                        args -> ((Cidr) args[0]).contains((Ip) args[1]))
                .member(
                        "containsCIDR",
                        "cidr_contains_cidr_string",
                        SimpleType.BOOL,
                        List.of(CIDR, SimpleType.STRING),
                        args -> contains((Cidr) args[0], cidr((String) args[1])))
                .member(
                        "containsCIDR",
                        "cidr_contains_cidr",
                        SimpleType.BOOL,
                        List.of(CIDR, CIDR),
                        args -> contains((Cidr) args[0], (Cidr) args[1]));
    }

    private static Ip address(Object[] args) {
        return (Ip) args[0];
    }

    private static boolean is(Runnable parse) {
        try {
            parse.run();
            return true;
        } catch (IllegalArgumentException no) {
            return false;
        }
    }

    static Ip ip(String text) {
        boolean v6 = text.contains(":");
        boolean mapped = v6 && text.contains(".");
        if (text.contains("%")) {
            throw wrong("IP", text, "IP address with zone value is not allowed");
        }
        if (mapped) {
            throw wrong("IP", text, "IPv4-mapped IPv6 address is not allowed");
        }
        if (!v6 && !IPV4.matcher(text).matches() || !InetAddresses.isInetAddress(text)) {
            throw wrong("IP", text, "ParseAddr(\"" + text + "\"): unable to parse IP");
        }
        var address = InetAddresses.forString(text);
        if (v6 && address.getAddress().length == 4) {
            throw wrong("IP", text, "IPv4-mapped IPv6 address is not allowed");
        }
        return new Ip(address);
    }

    private static IllegalArgumentException wrong(String what, String text, String why) {
        return new IllegalArgumentException(
                what + " Address '" + text + "' parse error during conversion from string: " + why);
    }

    static Cidr cidr(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0 || !PREFIX.matcher(text.substring(slash + 1)).matches()) {
            throw noCidr(text, "netip.ParsePrefix(\"" + text + "\"): no '/'");
        }
        Ip ip;
        try {
            ip = ip(text.substring(0, slash));
        } catch (IllegalArgumentException e) {
            throw noCidr(text, e.getMessage());
        }
        int prefix = Integer.parseInt(text.substring(slash + 1));
        if (prefix > ip.bits()) {
            throw noCidr(text, "netip.ParsePrefix(\"" + text + "\"): prefix length out of range");
        }
        return new Cidr(ip, prefix);
    }

    private static IllegalArgumentException noCidr(String text, String why) {
        return new IllegalArgumentException("network address parse error during conversion from string: " + why);
    }

    private static Cidr masked(Cidr cidr) {
        return new Cidr(mask(cidr.ip(), cidr.prefix()), cidr.prefix());
    }

    private static Ip mask(Ip ip, int prefix) {
        byte[] bytes = ip.address().getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefix - i * 8L, 0, 8);
            bytes[i] &= (byte) (0xFF << 8 - kept);
        }
        try {
            return new Ip(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static boolean contains(Cidr outer, Cidr inner) {
        return outer.prefix() <= inner.prefix() && outer.contains(inner.ip());
    }

    private static boolean isLinkLocalMulticast(Ip ip) {
        byte[] bytes = ip.address().getAddress();
        return ip.bits() == 32
                ? bytes[0] == (byte) 224 && bytes[1] == 0 && bytes[2] == 0
                : bytes[0] == (byte) 0xFF && (bytes[1] & 0x0F) == 2;
    }

    private static boolean isGlobalUnicast(Ip ip) {
        var address = ip.address();
        byte[] bytes = address.getAddress();
        boolean broadcast = ip.bits() == 32 && bytes[0] == -1 && bytes[1] == -1 && bytes[2] == -1 && bytes[3] == -1;
        return !broadcast
                && !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress()
                && !address.isLinkLocalAddress();
    }
}
