package dev.kapal.network.proxy;

/// Where a connection can go: one ready endpoint's address and port. Immutable.
///
/// @param local whether it is on this node
record Backend(String address, int port, boolean local) implements Comparable<Backend> {
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
