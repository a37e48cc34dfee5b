package dev.kapal.network.proxy;

/// Where a connection can go: one ready endpoint's address and port. Immutable.
///
/// @param node where it is, as far as its slice says
record Backend(String address, int port, Node node) implements Comparable<Backend> {
    enum Node {
        THIS,
        OTHER,
        /// Written by hand, most likely.
        UNKNOWN
    }

    boolean local() {
        return node == Node.THIS;
    }

    /// As nftables writes it in a map of concatenations.
    String pair() {
        return address + " . " + port;
    }

    @Override
    public int compareTo(Backend other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }
}
