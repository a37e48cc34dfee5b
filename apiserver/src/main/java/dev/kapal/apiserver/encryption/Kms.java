package dev.kapal.apiserver.encryption;

import dev.kapal.base.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Envelopes: values are encrypted with keys made here, which come from a seed that only a key management service can
/// open again; its encrypted form is stored with each value. The seed is made anew when the service changes its key:
/// `kms`, version 2. Any thread.
///
/// The service is called for the first write, once a minute while there are writes, and for the first value under each
/// seed. While it does not answer, what was opened before can still be read and, for three minutes, written.
///
/// Source: Kubernetes documentation, "Using a KMS provider for data encryption", KMS v2; k8s.io/apiserver,
/// storage/value/encrypt/envelope/kmsv2/v2/api.proto.
final class Kms implements Provider, AutoCloseable {
    private static final int SIZE = 32;
    private static final int SEED = 1;
    private static final Duration ASK = Duration.ofMinutes(1);
    private static final Duration GRACE = Duration.ofMinutes(3);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String prefix;
    private final Path socket;
    private final Duration timeout;
    private final Time time;
    /// By the encrypted form and the name of the service's key.
    private final Map<ByteBuffer, byte[]> seeds = new ConcurrentHashMap<>();
    /// Guarded by this, like the next.
    private KmsPlugin plugin;

    private Current current;

    /// What new values are sealed with.
    ///
    /// @param envelope the fields that are stored with each value
    private record Current(byte[] seed, KmsMessage envelope, String keyId, long asked) {}

    Kms(String name, Path socket, Duration timeout, Time time) {
        this.time = time;
        this.prefix = "k8s:enc:kms:v2:" + name + ":";
        this.socket = socket;
        this.timeout = timeout;
    }

    @Override
    public String prefix() {
        return prefix;
    }

    @Override
    public byte[] seal(byte[] plain, String key) throws GeneralSecurityException {
        var with = current(time.nanos());
        byte[] info = random();
        byte[] sealed = Sealed.join(info, AesGcm.seal(derived(with.seed(), info), plain, key));
        return KmsMessage.of(KmsMessage.Field.bytes(1, sealed))
                .with(with.envelope(), 2, 2)
                .with(with.envelope(), 3, 3)
                .with(with.envelope(), 4, 4)
                .withNumber(5, SEED)
                .encoded();
    }

    @Override
    public byte[] open(byte[] sealed, String key) throws GeneralSecurityException {
        var stored = stored(sealed);
        byte[] seed = seed(stored);
        byte[] data = stored.bytes(1);
        if (stored.number(5) != SEED) {
            return AesGcm.open(new SecretKeySpec(seed, "AES"), data, key);
        }
        if (data.length < SIZE) {
            throw new GeneralSecurityException("the stored data was shorter than the required size");
        }
        return AesGcm.open(derived(seed, Arrays.copyOf(data, SIZE)), Sealed.after(data, SIZE), key);
    }

    /// The service has changed its key since.
    @Override
    public boolean isOutdated(byte[] sealed) {
        try {
            return !stored(sealed).text(2).equals(current(time.nanos()).keyId());
        } catch (GeneralSecurityException notNow) {
            return false;
        }
    }

    private static KmsMessage stored(byte[] sealed) throws GeneralSecurityException {
        try {
            return KmsMessage.decode(sealed);
        } catch (IOException broken) {
            throw new GeneralSecurityException("the stored data is no envelope", broken);
        }
    }

    private byte[] seed(KmsMessage stored) throws GeneralSecurityException {
        var name = ByteBuffer.wrap(Sealed.join(stored.bytes(3), stored.bytes(2)));
        byte[] known = seeds.get(name);
        if (known != null) {
            return known;
        }
        var request = KmsMessage.of(
                        KmsMessage.Field.bytes(1, stored.bytes(3)),
                        KmsMessage.Field.text(2, UUID.randomUUID().toString()),
                        KmsMessage.Field.bytes(3, stored.bytes(2)))
                .with(stored, 4, 4);
        byte[] seed = plugin().call("Decrypt", request).bytes(1);
        seeds.put(name, seed);
        return seed;
    }

    private synchronized Current current(long now) throws GeneralSecurityException {
        if (current != null && now - current.asked() < ASK.toNanos()) {
            return current;
        }
        String keyId;
        try {
            keyId = status();
        } catch (GeneralSecurityException silent) {
            if (current != null && now - current.asked() < GRACE.toNanos()) {
                return current;
            }
            throw silent;
        }
        if (current != null && current.keyId().equals(keyId)) {
            current = new Current(current.seed(), current.envelope(), keyId, now);
            return current;
        }
        byte[] seed = random();
        var answer = plugin().call(
                        "Encrypt",
                        KmsMessage.of(
                                KmsMessage.Field.bytes(1, seed),
                                KmsMessage.Field.text(2, UUID.randomUUID().toString())));
        var envelope = KmsMessage.of(
                        KmsMessage.Field.bytes(2, answer.bytes(2)), KmsMessage.Field.bytes(3, answer.bytes(1)))
                .with(answer, 3, 4);
        current = new Current(seed, envelope, answer.text(2), now);
        seeds.put(ByteBuffer.wrap(Sealed.join(envelope.bytes(3), envelope.bytes(2))), seed);
        return current;
    }

    /// The name of the service's present key.
    private String status() throws GeneralSecurityException {
        var status = plugin().call("Status", KmsMessage.of());
        String version = status.text(1);
        if (!version.equals("v2") && !version.equals("v2beta1")) {
            throw new GeneralSecurityException("expected KMS API version v2, got " + version);
        }
        if (!status.text(2).equals("ok")) {
            throw new GeneralSecurityException("got unexpected healthz status: " + status.text(2));
        }
        return status.text(3);
    }

    private synchronized KmsPlugin plugin() {
        if (plugin == null) {
            plugin = KmsPlugin.at(socket, timeout);
        }
        return plugin;
    }

    private static byte[] random() {
        byte[] bytes = new byte[SIZE];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /// HKDF-Expand of RFC 5869 for one block.
    private static SecretKeySpec derived(byte[] seed, byte[] info) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(seed, "HmacSHA256"));
        mac.update(info);
        return new SecretKeySpec(mac.doFinal(new byte[] {1}), "AES");
    }

    @Override
    public synchronized void close() {
        if (plugin != null) {
            plugin.close();
        }
    }
}
