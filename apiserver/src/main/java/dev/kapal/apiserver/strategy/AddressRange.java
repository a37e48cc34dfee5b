package dev.kapal.apiserver.strategy;

/// The IPv4 addresses that services get. As upstream, the lower part of the range is kept for addresses that people
/// choose, and given out only when the rest is used up. Immutable.
///
/// @param base the network's own address as a number
/// @param size number of addresses, the network's and the broadcast address included
/// @param band how many at the beginning are given out last
record AddressRange(String cidr, long base, long size, long band) {
    private static final long LEAST_BAND = 16;
    private static final long MOST_BAND = 256;

    static AddressRange of(String cidr) {
        if (!Addresses.isCidr(cidr)) {
            throw new IllegalArgumentException("not a range of addresses: " + cidr);
        }
        int slash = cidr.indexOf('/');
        int bits = Integer.parseInt(cidr.substring(slash + 1));
        long size = 1L << (32 - bits);
        long base = number(cidr.substring(0, slash)) & -size;
        long band = Math.min(Math.max(size / 16, LEAST_BAND), MOST_BAND);
        return new AddressRange(cidr, base, size, size <= LEAST_BAND ? 0 : band);
    }

    /// Whether `address` can be given out.
    boolean contains(String address) {
        return spans(address) && number(address) != base && number(address) != base + size - 1;
    }

    /// Whether `address` is one of the network, be it the first or the last.
    boolean spans(String address) {
        if (Addresses.parse(address).map(a -> a.getAddress().length != 4).orElse(true)) {
            return false;
        }
        long offset = number(address) - base;
        return offset >= 0 && offset < size;
    }

    /// @param offset from the network's own address
    String at(long offset) {
        long n = base + offset;
        return (n >> 24 & 255) + "." + (n >> 16 & 255) + "." + (n >> 8 & 255) + "." + (n & 255);
    }

    private static long number(String address) {
        long number = 0;
        for (byte part : Addresses.parse(address).orElseThrow().getAddress()) {
            number = number << 8 | part & 255;
        }
        return number;
    }
}
