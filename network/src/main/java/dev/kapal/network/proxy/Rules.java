package dev.kapal.network.proxy;

import java.util.List;

/// What one owner (a service, a pod with host ports) contributes to the table. Immutable.
///
/// Two owners may contribute the same thing; it stays until the last of them withdraws it. Where they contradict
/// each other, the owner first in the alphabet wins.
record Rules(List<Element> elements, List<Chain> chains, List<Affinity> affinities, List<UdpFlow> flows) {
    static final Rules NONE = new Rules(List.of(), List.of(), List.of(), List.of());

    Rules {
        elements = List.copyOf(elements);
        chains = List.copyOf(chains);
        affinities = List.copyOf(affinities);
        flows = List.copyOf(flows);
    }

    /// The table's sets and maps.
    enum Set {
        /// address, protocol, port → the chain that picks a backend
        SERVICES("services"),
        /// address, protocol, port, number → backend
        BACKENDS("backends"),
        /// protocol, port → the chain that picks a backend, on every address of the node
        NODE_PORTS("node-ports"),
        /// protocol, port, number → backend
        NODE_BACKENDS("node-backends"),
        /// address, protocol, port → refuse or drop
        REFUSED("refused"),
        /// protocol, port → refuse or drop
        REFUSED_NODE_PORTS("refused-node-ports"),
        /// every cluster IP there is
        ADDRESSES("addresses"),
        /// an endpoint of this node, twice: what it sends to itself through a service
        HAIRPINS("hairpins"),
        /// protocol, port → pod and port, on every address of the node
        HOST_PORTS("host-ports"),
        /// address, protocol, port → pod and port
        BOUND_HOST_PORTS("bound-host-ports");

        private final String name;

        Set(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// Where an element stands: at most one value per place.
    record Place(Set set, String key) {}

    /// @param value what the key maps to; empty in a plain set
    record Element(Place place, String value) {
        Element(Set set, String key, String value) {
            this(new Place(set, key), value);
        }
    }

    /// A chain of its own, for what elements alone cannot say.
    record Chain(String name, List<String> rules) {
        Chain {
            rules = List.copyOf(rules);
        }
    }

    /// A set of client addresses that stick to one endpoint, each for `seconds` after its latest connection.
    record Affinity(String name, int seconds) {}

    /// One way of UDP packets, which connection tracking remembers: when it ends, the memory must be wiped.
    ///
    /// @param address the service's address; empty for a node port
    record UdpFlow(String address, int port, String backend) {}
}
