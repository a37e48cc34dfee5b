package dev.kapal.apiserver.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.pki.PkiException;
import dev.kapal.store.EmbeddedStore;
import dev.kapal.store.MemoryStore;
import dev.kapal.store.Store.Expect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What somebody finds who has the disk.
class SecretsAtRestTest {
    private static final String SECRET = "/registry/core/secrets/default/db";
    private static final String CONFIG = "/registry/core/configmaps/default/db";

    @TempDir
    Path dir;

    @Test
    void theDiskHoldsNoSecretInTheClear() throws Exception {
        var keys = EncryptionFile.openOrCreate(dir.resolve("encryption.json"));
        try (var life = new Life("test");
                var raw = EmbeddedStore.open(dir.resolve("store"))) {
            var store = keys.around(raw, Time.system(), life);
            store.put(SECRET, bytes("{\"data\":{\"password\":\"aHVudGVyMi1odW50ZXIy\"}}"), Expect.ANY);
            store.put(CONFIG, bytes("{\"data\":{\"color\":\"turquoise-turquoise\"}}"), Expect.ANY);
        }
        assertThat(grep("turquoise-turquoise")).isTrue();
        assertThat(grep("aHVudGVyMi1odW50ZXIy")).isFalse();
        assertThat(grep("k8s:enc:secretbox:v1:key1:")).isTrue();
        try (var life = new Life("test");
                var raw = EmbeddedStore.open(dir.resolve("store"))) {
            var store =
                    EncryptionFile.openOrCreate(dir.resolve("encryption.json")).around(raw, Time.system(), life);
            assertThat(new String(store.get(SECRET).orElseThrow().value(), StandardCharsets.UTF_8))
                    .contains("aHVudGVyMi1odW50ZXIy");
        }
    }

    @Test
    void onlyTheOwnerMayReadTheKeys() throws Exception {
        var file = dir.resolve("encryption.json");
        var keys = EncryptionFile.openOrCreate(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (var life = new Life("test");
                var store = MemoryStore.open()) {
            assertThatThrownBy(() -> keys.around(store, Time.system(), life))
                    .isInstanceOf(PkiException.class)
                    .hasMessageContaining("chmod 600");
        }
    }

    @Test
    void aNewKeyOpensWhatTheOldOneSealed() throws Exception {
        var file = dir.resolve("encryption.json");
        var keys = EncryptionFile.openOrCreate(file);
        try (var raw = MemoryStore.open()) {
            EncryptedStore.around(raw, EncryptionConfig.parse(Files.readAllBytes(file)))
                    .put(SECRET, bytes("hunter2"), Expect.ANY);
            keys.addKey();
            var store = EncryptedStore.around(raw, EncryptionConfig.parse(Files.readAllBytes(file)));
            assertThat(store.get(SECRET).orElseThrow().value()).isEqualTo(bytes("hunter2"));
            assertThat(store.reencrypt()).isEqualTo(1);
            assertThat(new String(raw.get(SECRET).orElseThrow().value(), StandardCharsets.ISO_8859_1))
                    .startsWith("k8s:enc:secretbox:v1:key2:");
        }
    }

    private boolean grep(String text) throws IOException {
        try (var files = Files.walk(dir.resolve("store"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
