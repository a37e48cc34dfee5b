package dev.kapal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnWritesTest {
    private static final Key OWNER = new Key("default", "owner");

    private final ObjectCache<ConfigMap> cache = new ObjectCache<>("maps", Key::of);
    private final OwnWrites<ConfigMap> writes = new OwnWrites<>(cache);
    private final Newest<ConfigMap> newest = new Newest<>(cache);

    @Test
    void waitsUntilTheCacheHasPassedTheWrite() {
        cache.replace(List.of(), 5);
        writes.wrote(OWNER, map("a", 7));
        writes.wrote(OWNER, map("b", 9));

        assertThat(writes.seen(OWNER)).isFalse();
        cache.upsert(map("a", 7), 7);
        assertThat(writes.seen(OWNER)).isFalse();
        cache.upsert(map("b", 9), 9);
        assertThat(writes.seen(OWNER)).isTrue();
    }

    @Test
    void countsABookmarkAsPassing() {
        writes.wrote(OWNER, map("a", 7));

        cache.progress(8);

        assertThat(writes.seen(OWNER)).isTrue();
    }

    @Test
    void waitsForADeletionUntilTheObjectIsLeavingOrGone() {
        cache.replace(List.of(map("a", 3), map("b", 4), map("c", 4)), 5);
        writes.deleted(OWNER, map("a", 3));
        writes.deleted(OWNER, map("b", 4));
        writes.deleted(OWNER, map("c", 4));
        assertThat(writes.seen(OWNER)).isFalse();

        cache.remove(map("a", 6), 6);
        cache.upsert(
                new ConfigMapBuilder(map("b", 7))
                        .editMetadata()
                        .withDeletionTimestamp("2025-06-01T12:00:00Z")
                        .endMetadata()
                        .build(),
                7);
        assertThat(writes.seen(OWNER)).isFalse();
        cache.upsert(
                new ConfigMapBuilder(map("c", 8))
                        .editMetadata()
                        .withUid("another")
                        .endMetadata()
                        .build(),
                8);

        assertThat(writes.seen(OWNER)).isTrue();
    }

    @Test
    void knowsNothingOfOtherKeys() {
        writes.wrote(OWNER, map("a", 7));

        assertThat(writes.seen(new Key("default", "other"))).isTrue();
    }

    @Test
    void readsItsOwnWriteWhileTheCacheLags() {
        cache.replace(List.of(map("a", 3)), 5);
        newest.wrote(map("a", 7));

        assertThat(newest.find(new Key("default", "a"))
                        .orElseThrow()
                        .getMetadata()
                        .getResourceVersion())
                .isEqualTo("7");
        cache.upsert(map("a", 9), 9);
        assertThat(newest.find(new Key("default", "a"))
                        .orElseThrow()
                        .getMetadata()
                        .getResourceVersion())
                .isEqualTo("9");
        newest.wrote(map("a", 11));
        cache.remove(map("a", 12), 12);
        assertThat(newest.find(new Key("default", "a"))).isEmpty();
    }

    private static ConfigMap map(String name, int revision) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withUid("uid-" + name)
                .withResourceVersion(Integer.toString(revision))
                .endMetadata()
                .build();
    }
}
