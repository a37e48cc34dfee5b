package dev.kapal.apiserver.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Loopback;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.http.Handler;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.Times;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Says in the API that this server is there, by a Lease of its own that it renews, and removes those of servers that
/// have been gone for as long as their Lease says. One thread. Source: "Leases", API server identity, and upstream's
/// `apiserverleasegc`.
public final class IdentityLease implements AutoCloseable {
    private static final Log log = Log.of(IdentityLease.class);
    private static final Duration RENEWAL = Duration.ofSeconds(10);
    private static final Duration COLLECTION = Duration.ofHours(1);
    private static final int LEASE_SECONDS = 3600;
    private static final String IDENTITY = "apiserver.kubernetes.io/identity";
    private static final String COLLECTION_PATH = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
    private static final char[] BASE32 = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();

    private final String host;
    private final String name;
    private final String holder;
    private final Loopback server;
    private final Time time;
    /// As it was last stored; empty when that is not known.
    private Optional<ObjectNode> stored = Optional.empty();

    /// @param host this machine's name: a server that starts again takes up its Lease
    IdentityLease(String host, Handler handler, RandomGenerator random, Time time) {
        this.host = host;
        this.name = name(host);
        this.holder =
                name + "_" + new UUID(random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() >>> 2 | Long.MIN_VALUE);
        this.server = new Loopback(handler);
        this.time = time;
    }

    /// Keeps the Lease of this machine until `owner` ends.
    public static void keep(Handler handler, RandomGenerator random, Time time, Life owner) {
        owner.start("identity-lease", () -> {
            try (var lease = new IdentityLease(hostName(), handler, random, time)) {
                lease.run();
            }
        });
    }

    /// May ask the network.
    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    /// `apiserver-` and half a SHA-256 of the host's name in base 32.
    static String name(String host) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(host.getBytes(StandardCharsets.UTF_8));
            return "apiserver-" + base32(hash, 16);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String base32(byte[] bytes, int length) {
        var text = new StringBuilder();
        for (int bit = 0; bit < length * 8; bit += 5) {
            int pair = (bytes[bit / 8] & 0xff) << 8;
            if (bit / 8 + 1 < length) {
                pair |= bytes[bit / 8 + 1] & 0xff;
            }
            text.append(BASE32[pair >> 11 - bit % 8 & 31]);
        }
        return text.toString();
    }

    /// Until its thread is interrupted.
    void run() throws InterruptedException {
        long collected = time.nanos() - COLLECTION.toNanos();
        while (true) {
            try {
                renew();
                if (time.nanos() - collected >= COLLECTION.toNanos()) {
                    collect();
                    collected = time.nanos();
                }
            } catch (IOException refused) {
                log.warn("the identity lease cannot be kept", "why", refused.getMessage());
            }
            time.sleep(RENEWAL);
        }
    }

    private void renew() throws IOException, InterruptedException {
        if (stored.isPresent()) {
            var written = put(stored.get());
            stored = written.status() < 300 ? Optional.of(written.document()) : Optional.empty();
        }
        if (stored.isEmpty()) { // somebody else has written it since, or removed it
            var present = server.call("GET", path(name), "");
            stored = Optional.of(accepted(present.status() == 404 ? post() : put(accepted(present))));
        }
    }

    private Loopback.Answer put(ObjectNode lease) throws IOException, InterruptedException {
        return server.call("PUT", path(name), Documents.text(renewed(lease)));
    }

    private Loopback.Answer post() throws IOException, InterruptedException {
        return server.call("POST", COLLECTION_PATH, Documents.text(renewed(Documents.object())));
    }

    private static ObjectNode accepted(Loopback.Answer answer) throws IOException {
        if (answer.status() >= 300) {
            throw new IOException(answer.message());
        }
        return answer.document();
    }

    private ObjectNode renewed(ObjectNode lease) {
        lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        lease.withObject("/metadata")
                .put("name", name)
                .withObject("/labels")
                .put(IDENTITY, "kube-apiserver")
                .put("kubernetes.io/hostname", host);
        lease.withObject("/spec")
                .put("holderIdentity", holder)
                .put("leaseDurationSeconds", LEASE_SECONDS)
                .put("renewTime", Times.micros(time.instant()));
        return lease;
    }

    private void collect() throws IOException, InterruptedException {
        var leases = server.call("GET", COLLECTION_PATH + "?labelSelector=" + IDENTITY + "%3Dkube-apiserver", "");
        for (var lease : leases.document().path("items")) {
            if (isExpired(lease.path("spec"))) {
                remove(lease.path("metadata"));
            }
        }
    }

    /// One that does not say when it expires is no Lease of an API server.
    private boolean isExpired(JsonNode spec) {
        try {
            var renewed = Instant.parse(spec.path("renewTime").asText(""));
            return !spec.path("leaseDurationSeconds").isInt()
                    || renewed.plusSeconds(spec.path("leaseDurationSeconds").asInt())
                            .isBefore(time.instant());
        } catch (DateTimeException missing) {
            return true;
        }
    }

    private void remove(JsonNode metadata) throws IOException, InterruptedException {
        var options = Documents.object();
        options.putObject("preconditions")
                .put("resourceVersion", metadata.path("resourceVersion").asText());
        server.call("DELETE", path(metadata.path("name").asText()), Documents.text(options));
    }

    private static String path(String name) {
        return COLLECTION_PATH + "/" + name;
    }

    @Override
    public void close() {
        server.close();
    }
}
