package dev.kapal.apiserver.encryption;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.Pem;
import dev.kapal.pki.PkiException;
import dev.kapal.store.Store;
import dev.kapal.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;

/// The file that holds the keys of a store. Without one of the user's own, one is made that encrypts Secrets with a
/// generated key; only its owner may read it.
///
/// A changed file is taken while the server runs, and what is stored is then encrypted anew: that is how keys are
/// rotated.
public final class EncryptionFile {
    private static final Log log = Log.of(EncryptionFile.class);
    private static final Duration GLANCE = Duration.ofSeconds(5);
    private static final int KEY_BYTES = 32;

    private final Path file;

    private EncryptionFile(Path file) {
        this.file = file;
    }

    /// The user's own file.
    public static EncryptionFile given(Path file) {
        return new EncryptionFile(file);
    }

    /// The file of a data directory, made when it is not there.
    public static EncryptionFile openOrCreate(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createDirectories(file.getParent());
            Pem.writeSecret(file, new String(Documents.json(withNewKey(empty())), StandardCharsets.UTF_8) + "\n");
        }
        return new EncryptionFile(file);
    }

    /// `store` with the file's keys; the file is followed, and old values are encrypted anew, for as long as `life`
    /// lasts.
    ///
    /// @throws PkiException with a sentence when the file is lost, broken, or open to others
    public Store around(Store store, Time time, Life life) throws IOException {
        var written = written();
        var encrypted = EncryptedStore.around(store, read());
        life.start("encryption", () -> follow(encrypted, written, time));
        return encrypted;
    }

    /// Adds a key that encrypts from now on, before all others, which go on opening what they sealed.
    public void addKey() throws IOException {
        if (!(Documents.readAny(Files.readAllBytes(file)) instanceof ObjectNode document)) {
            throw new PkiException(file + " is not a generated configuration");
        }
        EncryptionConfig.parse(Documents.json(document));
        Pem.writeSecret(file, new String(Documents.json(withNewKey(document)), StandardCharsets.UTF_8) + "\n");
    }

    private EncryptionConfig read() throws IOException {
        try {
            if (!Files.exists(file)) {
                throw new PkiException("there is no encryption configuration " + file);
            }
            var owner = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            if (!owner.containsAll(Files.getPosixFilePermissions(file))) {
                throw new PkiException(
                        "others may read the keys in %s, and nobody can tell who has; run: chmod 600 %s, and then change them: ./kapal secrets rotate"
                                .formatted(file, file));
            }
            return EncryptionConfig.parse(Files.readAllBytes(file));
        } catch (IllegalArgumentException broken) {
            throw new PkiException(file + ": " + broken.getMessage(), broken);
        }
    }

    private FileTime written() throws IOException {
        return Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
    }

    private void follow(EncryptedStore store, FileTime first, Time time) throws InterruptedException {
        var seen = first;
        boolean due = true;
        while (true) {
            try {
                if (due) {
                    store.reencrypt();
                    due = false;
                }
                var latest = written();
                if (!latest.equals(seen)) {
                    store.configure(read());
                    seen = latest;
                    due = true;
                    log.info("encryption configuration taken", "file", file);
                    continue;
                }
            } catch (IOException | PkiException | StoreException failure) {
                log.warn("encryption configuration not taken", "file", file, "cause", failure.getMessage());
            }
            time.sleep(GLANCE);
        }
    }

    private static ObjectNode empty() {
        var document = Documents.object();
        document.put("apiVersion", "apiserver.config.k8s.io/v1").put("kind", "EncryptionConfiguration");
        var rule = document.putArray("resources").addObject();
        rule.putArray("resources").add("secrets");
        var providers = rule.putArray("providers");
        providers.addObject().putObject("secretbox").putArray("keys");
        providers.addObject().putObject("identity"); // what was stored before
        return document;
    }

    private static ObjectNode withNewKey(ObjectNode document) {
        if (!(document.at("/resources/0/providers/0/secretbox/keys") instanceof ArrayNode keys)) {
            throw new PkiException("keys can be added to a generated configuration only");
        }
        byte[] secret = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        var key = Documents.object();
        key.put("name", "key" + (keys.size() + 1));
        key.put("secret", Base64.getEncoder().encodeToString(secret));
        keys.insert(0, key);
        return document;
    }
}
