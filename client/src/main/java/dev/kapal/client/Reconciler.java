package dev.kapal.client;

import java.util.List;

/// Brings one object and what hangs on it to the wanted state. Called by the workers of a [ReconcilerRunner], never for
/// one key on two workers at once. Level-triggered: the key is all it is told, and running it again is harmless.
public interface Reconciler {
    /// The changes that make a key worth looking at.
    List<Wake> wakes();

    /// Reads from caches, writes the difference. Interruption means stop.
    Outcome reconcile(Key key) throws InterruptedException;
}
