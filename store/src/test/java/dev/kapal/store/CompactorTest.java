package dev.kapal.store;

import static dev.kapal.store.StoreContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.life.Life;
import dev.kapal.store.Store.Expect;
import dev.kapal.testkit.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CompactorTest {
    private final FakeTime time = new FakeTime();

    @Test
    void forgetsWhatIsOlderThanOneInterval() throws Exception {
        try (var store = MemoryStore.open();
                var life = new Life("test")) {
            store.put("/a", bytes("1"), Expect.ANY);
            Compactor.start(store, time, Duration.ofMinutes(5), life);
            time.awaitSleepers(1);
            store.put("/a", bytes("2"), Expect.ANY);
            store.put("/a", bytes("3"), Expect.ANY);
            time.advance(Duration.ofMinutes(5));
            becomes(1, store);
            time.awaitSleepers(1);
            time.advance(Duration.ofMinutes(5));
            becomes(3, store);
        }
    }

    private static void becomes(long compacted, Store store) {
        while (store.compacted() == 0 || store.compacted() < compacted) {
            Thread.onSpinWait();
        }
        assertThat(store.compacted()).isEqualTo(compacted);
    }
}
