package dev.kapal.network.proxy;

import dev.kapal.client.Key;

/// Who contributes to the table: a service, or a pod with host ports. Immutable.
///
/// @param name `namespace/name`
record Owner(String kind, String name) implements Comparable<Owner> {
    static final String SERVICE = "service";
    static final String POD = "pod";

    /// Contributes nothing; naming it makes the proxy look at its table.
    static final Owner NOBODY = new Owner("nobody", "");

    static Owner service(Key key) {
        return new Owner(SERVICE, key.toString());
    }

    static Owner pod(Key key) {
        return new Owner(POD, key.toString());
    }

    Key key() {
        int slash = name.indexOf('/');
        return new Key(name.substring(0, slash), name.substring(slash + 1));
    }

    @Override
    public int compareTo(Owner other) {
        int byKind = other.kind.compareTo(kind);
        return byKind != 0 ? byKind : name.compareTo(other.name);
    }
}
