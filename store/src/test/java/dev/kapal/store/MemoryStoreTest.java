package dev.kapal.store;

class MemoryStoreTest implements StoreContract {
    @Override
    public Store open() {
        return MemoryStore.open();
    }
}
