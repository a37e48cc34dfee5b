package dev.kapal.network.proxy;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/// Whose contribution is worth a new look. Any thread adds and never waits; one thread takes. Bounded by the
/// number of owners there are: one that is in it already is not added again.
final class DirtyOwners {
    /// Guarded by this.
    private Set<Owner> waiting = new LinkedHashSet<>();

    synchronized void add(Owner owner) {
        waiting.add(owner);
        notifyAll();
    }

    synchronized void add(Collection<Owner> owners) {
        waiting.addAll(owners);
        notifyAll();
    }

    /// Blocks until there is any, then takes all.
    synchronized Set<Owner> take() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        var taken = waiting;
        waiting = new LinkedHashSet<>();
        return taken;
    }
}
