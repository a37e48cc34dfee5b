package dev.kapal.controllers.servicecidr;

import java.net.InetAddress;
import java.util.Optional;

/// A range of addresses of either family. Immutable.
///
/// @param base the first address
/// @param length how many leading bits are the network's
record Prefix(InetAddress base, int length) {

    /// Empty for what is no range; never asks a name server.
    static Optional<Prefix> of(String cidr) {
        int slash = cidr.indexOf('/');
        try {
            return slash < 0
                    ? Optional.empty()
                    : Optional.of(new Prefix(
                            InetAddress.ofLiteral(cidr.substring(0, slash)),
                            Integer.parseInt(cidr.substring(slash + 1))));
        } catch (IllegalArgumentException noRange) {
            return Optional.empty();
        }
    }

    /// @param address the text of one
    boolean contains(String address) {
        try {
            return contains(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    boolean contains(Prefix other) {
        return other.length >= length && contains(other.base);
    }

    private boolean contains(InetAddress address) {
        var one = base.getAddress();
        var other = address.getAddress();
        if (one.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < length; bit++) {
            if (((one[bit / 8] ^ other[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
                return false;
            }
        }
        return true;
    }
}
