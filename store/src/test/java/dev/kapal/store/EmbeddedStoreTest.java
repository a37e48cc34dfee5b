package dev.kapal.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest implements StoreContract {
    @TempDir
    Path directory;

    @Override
    public Store open() {
        return EmbeddedStore.open(directory);
    }
}
