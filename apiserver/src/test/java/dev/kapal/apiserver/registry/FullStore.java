package dev.kapal.apiserver.registry;

import dev.kapal.store.MemoryStore;
import dev.kapal.store.Range;
import dev.kapal.store.Store;
import dev.kapal.store.StoreFullException;
import java.util.Optional;

/// A store whose disk can be full: writes are refused then, reads go on.
final class FullStore implements Store {
    volatile boolean full;

    private final Store store = MemoryStore.open();

    @Override
    public Write put(String key, byte[] value, Expect expect) throws InterruptedException {
        refuseWhenFull();
        return store.put(key, value, expect);
    }

    @Override
    public Write delete(String key, Expect expect) throws InterruptedException {
        refuseWhenFull();
        return store.delete(key, expect);
    }

    private void refuseWhenFull() {
        if (full) {
            throw new StoreFullException("no space left on device");
        }
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public long compacted() {
        return store.compacted();
    }

    @Override
    public Read range(Range range, long revision, int limit) {
        return store.range(range, revision, limit);
    }

    @Override
    public Optional<Entry> get(String key) {
        return store.get(key);
    }

    @Override
    public Watch watch(String prefix, long afterRevision) {
        return store.watch(prefix, afterRevision);
    }

    @Override
    public void compact(long revision) throws InterruptedException {
        store.compact(revision);
    }

    @Override
    public void close() {
        store.close();
    }
}
