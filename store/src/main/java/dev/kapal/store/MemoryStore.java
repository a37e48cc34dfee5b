package dev.kapal.store;

/// A store that lives and dies with the process.
public final class MemoryStore {
    private MemoryStore() {}

    public static Store open() {
        return new RevisionedStore(new MemoryEngine());
    }
}
