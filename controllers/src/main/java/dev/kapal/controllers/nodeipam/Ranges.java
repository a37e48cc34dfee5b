package dev.kapal.controllers.nodeipam;

import java.util.BitSet;
import java.util.OptionalInt;

/// The equal ranges that one IPv4 range is cut into, numbered from its start: `10.244.0.0/16` with /24 has 256 of them.
/// Owned by one worker.
final class Ranges {
    private final int base;
    private final int mask;
    private final int count;
    private final BitSet taken = new BitSet();

    Ranges(String cidr, int mask) {
        String[] parts = cidr.split("/");
        int prefix = parts.length == 2 ? Integer.parseInt(parts[1]) : -1;
        if (prefix < 0 || mask < prefix || mask > 30) {
            throw new IllegalArgumentException("cannot cut " + cidr + " into /" + mask);
        }
        this.base = address(parts[0]);
        this.mask = mask;
        this.count = 1 << Math.min(mask - prefix, 30);
    }

    /// Takes the lowest free range; empty when all are taken.
    OptionalInt take() {
        int free = taken.nextClearBit(0);
        if (free >= count) {
            return OptionalInt.empty();
        }
        taken.set(free);
        return OptionalInt.of(free);
    }

    /// Marks a range as taken that somebody has already; empty when it is not one of these.
    OptionalInt occupy(String cidr) {
        String[] parts = cidr.split("/");
        if (parts.length != 2 || !parts[1].equals(Integer.toString(mask)) || parts[0].indexOf(':') >= 0) {
            return OptionalInt.empty();
        }
        int index = (address(parts[0]) - base) >> 32 - mask;
        if (index < 0 || index >= count) {
            return OptionalInt.empty();
        }
        taken.set(index);
        return OptionalInt.of(index);
    }

    void release(int index) {
        taken.clear(index);
    }

    String cidr(int index) {
        int address = base + (index << 32 - mask);
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff)
                + "/" + mask;
    }

    private static int address(String text) {
        int address = 0;
        String[] octets = text.split("\\.");
        if (octets.length != 4) {
            throw new IllegalArgumentException("not an IPv4 address: " + text);
        }
        for (String octet : octets) {
            address = address << 8 | Integer.parseInt(octet);
        }
        return address;
    }
}
