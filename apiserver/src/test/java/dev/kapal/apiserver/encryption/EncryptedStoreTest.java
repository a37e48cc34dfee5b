package dev.kapal.apiserver.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.store.MemoryStore;
import dev.kapal.store.Range;
import dev.kapal.store.Store;
import dev.kapal.store.Store.Expect;
import dev.kapal.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptedStoreTest {
    private static final String SECRET = "/registry/core/secrets/default/db";
    private static final String CONFIG = "/registry/core/configmaps/default/db";

    private final Store raw = MemoryStore.open();

    @AfterEach
    void close() {
        raw.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"aescbc", "aesgcm", "secretbox"})
    void storesUnderUpstreamsPrefixWhatItGivesBackPlainly(String provider) throws Exception {
        var store = store(provider(provider, "key1"));
        store.put(SECRET, bytes("hunter2"), Expect.ABSENT);
        store.put(CONFIG, bytes("open"), Expect.ABSENT);
        assertThat(text(raw.get(SECRET).orElseThrow()))
                .startsWith("k8s:enc:" + provider + ":v1:key1:")
                .doesNotContain("hunter2");
        assertThat(text(raw.get(CONFIG).orElseThrow())).isEqualTo("open");
        assertThat(text(store.get(SECRET).orElseThrow())).isEqualTo("hunter2");
        var page = (Store.Read.Page) store.range(Range.ALL, 0, 0);
        assertThat(page.entries()).extracting(EncryptedStoreTest::text).containsExactly("open", "hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aescbc", "aesgcm", "secretbox"})
    void neverStoresTheSameBytesTwice(String provider) throws Exception {
        var store = store(provider(provider, "key1"));
        store.put(SECRET, bytes("hunter2"), Expect.ANY);
        var first = text(raw.get(SECRET).orElseThrow());
        store.put(SECRET, bytes("hunter2"), Expect.ANY);
        assertThat(text(raw.get(SECRET).orElseThrow())).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aesgcm", "secretbox"})
    void noticesWhenStoredBytesWereChanged(String provider) throws Exception {
        var store = store(provider(provider, "key1"));
        store.put(SECRET, bytes("hunter2"), Expect.ANY);
        byte[] changed = raw.get(SECRET).orElseThrow().value().clone();
        changed[changed.length - 1] ^= 1;
        raw.put(SECRET, changed, Expect.ANY);
        assertThatThrownBy(() -> store.get(SECRET))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(SECRET + " cannot be read");
    }

    @Test
    void aValueThatWasMovedToAnotherPlaceIsNotTaken() throws Exception {
        var store = store(provider("aesgcm", "key1"));
        store.put(SECRET, bytes("hunter2"), Expect.ANY);
        raw.put(SECRET + "2", raw.get(SECRET).orElseThrow().value(), Expect.ANY);
        assertThatThrownBy(() -> store.get(SECRET + "2")).isInstanceOf(StoreException.class);
    }

    @Test
    void watchersSeePlainValues() throws Exception {
        var store = store(provider("secretbox", "key1"));
        try (var watch = store.watch("", 0)) {
            store.put(CONFIG, bytes("open"), Expect.ANY);
            store.put(SECRET, bytes("hunter2"), Expect.ANY);
            store.put(SECRET, bytes("hunter3"), Expect.ANY);
            store.delete(SECRET, Expect.ANY);
            var seen = new ArrayList<String>();
            while (seen.size() < 4) {
                if (watch.next(Duration.ofSeconds(10)) instanceof Store.Batch.Events(var events)) {
                    events.forEach(event -> seen.add(event.value()
                                    .map(EncryptedStoreTest::text)
                                    .orElse("-") + " after "
                            + event.previous().map(EncryptedStoreTest::text).orElse("-")));
                }
            }
            assertThat(seen)
                    .containsExactly("open after -", "hunter2 after -", "hunter3 after hunter2", "- after hunter3");
        }
    }

    @Test
    void encryptsAnewWhatWasPlainAndWhatHasAnOldKey() throws Exception {
        raw.put(SECRET, bytes("was plain"), Expect.ANY);
        raw.put(CONFIG, bytes("open"), Expect.ANY);
        var store = store(provider("aescbc", "key1"), "{identity: {}}");
        assertThat(text(store.get(SECRET).orElseThrow())).isEqualTo("was plain");
        assertThat(store.reencrypt()).isEqualTo(1);
        assertThat(store.reencrypt()).isZero();
        store.configure(config(provider("secretbox", "key2"), provider("aescbc", "key1")));
        assertThat(store.reencrypt()).isEqualTo(1);
        store.configure(config(provider("secretbox", "key2")));
        assertThat(text(store.get(SECRET).orElseThrow())).isEqualTo("was plain");
        store.configure(config("{identity: {}}", provider("secretbox", "key2")));
        assertThat(store.reencrypt()).isEqualTo(1);
        assertThat(text(raw.get(SECRET).orElseThrow())).isEqualTo("was plain");
    }

    @Test
    void saysWhichObjectCannotBeReadWhenTheKeyIsGone() throws Exception {
        store(provider("secretbox", "key1")).put(SECRET, bytes("hunter2"), Expect.ANY);
        assertThatThrownBy(() ->
                        store(provider("aescbc", "key1"), "{identity: {}}").get(SECRET))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(SECRET)
                .hasMessageContaining("identity transformer tried to read encrypted data")
                .hasMessageContaining("put back the key");
    }

    @Test
    void whatCannotBeReadCanBeDeleted() throws Exception {
        store(provider("secretbox", "key1")).put(SECRET, bytes("hunter2"), Expect.ANY);
        var other = store(provider("secretbox", "key2"));
        assertThat(other.delete(SECRET, Expect.ANY)).isInstanceOf(Store.Write.Done.class);
    }

    private EncryptedStore store(String... providers) {
        return EncryptedStore.around(raw, config(providers));
    }

    private static EncryptionConfig config(String... providers) {
        return EncryptionConfig.parse(bytes("""
                {"apiVersion": "apiserver.config.k8s.io/v1", kind: EncryptionConfiguration,
                 resources: [{resources: [secrets], providers: [%s]}]}""".formatted(String.join(", ", List.of(providers)))
                .replace("{\"apiVersion\"", "---\n{\"apiVersion\"")));
    }

    private static String provider(String kind, String name) {
        var secret = Base64.getEncoder().encodeToString(bytes((name + "-".repeat(32)).substring(0, 32)));
        return "{%s: {keys: [{name: %s, secret: \"%s\"}]}}".formatted(kind, name, secret);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Store.Entry entry) {
        return text(entry.value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
