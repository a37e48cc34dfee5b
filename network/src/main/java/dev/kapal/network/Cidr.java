package dev.kapal.network;

import java.util.regex.Pattern;

/// A range of IPv4 addresses, `10.244.0.0/24`. Immutable.
///
/// @param base the first address as a number; host bits are zero
/// @param length how many leading bits are the network's
public record Cidr(int base, int length) {
    private static final Pattern OCTET = Pattern.compile("0|[1-9]\\d{0,2}");

    public Cidr {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("a prefix has 0 to 32 bits, not " + length);
        }
        base &= mask(length);
    }

    /// Errors: anything but `a.b.c.d/n` is an [IllegalArgumentException].
    public static Cidr parse(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 2 || !OCTET.matcher(parts[1]).matches()) {
            throw new IllegalArgumentException("not an IPv4 range: " + text);
        }
        return new Cidr(address(parts[0]), Integer.parseInt(parts[1]));
    }

    /// The number of a dotted address. Errors: anything else is an [IllegalArgumentException].
    public static int address(String text) {
        var octets = text.split("\\.", -1);
        int number = 0;
        for (var octet : octets) {
            int value = OCTET.matcher(octet).matches() ? Integer.parseInt(octet) : 256;
            if (value > 255 || octets.length != 4) {
                throw new IllegalArgumentException("not an IPv4 address: " + text);
            }
            number = number << 8 | value;
        }
        return number;
    }

    /// Whether `text` is a dotted IPv4 address.
    public static boolean isAddress(String text) {
        try {
            address(text);
            return true;
        } catch (IllegalArgumentException no) {
            return false;
        }
    }

    public static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    public boolean contains(String address) {
        return isAddress(address) && (address(address) & mask(length)) == base;
    }

    /// The first usable address: the node's own on its bridge, and the pods' gateway.
    public String gateway() {
        return dotted(base + 1);
    }

    private static int mask(int length) {
        return length == 0 ? 0 : -1 << (32 - length);
    }

    @Override
    public String toString() {
        return dotted(base) + "/" + length;
    }
}
