package dev.kapal.controllers.story;

import dev.kapal.apiserver.ApiServer;
import dev.kapal.apiserver.ApiServerConfig;
import dev.kapal.base.log.LogFormat;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Clients;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.ReconcilerRunner;
import dev.kapal.controllers.Controllers;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.ServiceAccountKeys;
import dev.kapal.store.MemoryStore;
import dev.kapal.store.Store;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;

/// A cluster without containers in this process: a real API server on a store in memory, all controllers, and one node
/// that pretends. Stories watch what becomes of what they write; nothing sleeps.
final class Town implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static {
        LogFormat.install(Level.INFO);
    }

    private final Store store = MemoryStore.open();
    private final Metrics metrics = new Metrics();
    private final ClusterPki pki;
    private final ApiServer server;
    private final KubernetesClient client;
    private final KubernetesClient official;
    private final Informers informers;
    private final Informers officialInformers;
    private final Controllers controllers;
    private final ReconcilerRunner node;

    private Town(Path directory, Duration grace, Duration lag) throws Exception {
        pki = ClusterPki.open(directory, Time.system());
        server = ApiServer.start(
                ApiServerConfig.of(pki, 0, "192.0.2.1", ResourceRegistry.builtIn(), store, Time.system(), metrics));
        var handler = lag.isZero() ? server.handler() : new LaggingHandler(server.handler(), new Random(42), lag);
        client = Clients.inProcess(handler, "mayor", List.of("system:masters"));
        // the controllers have no more rights than their roles give
        official = Clients.inProcess(handler, "system:kube-controller-manager", List.of());
        informers = new Informers(client, Time.system(), metrics);
        officialInformers = new Informers(official, Time.system(), metrics);
        controllers = Controllers.start(
                official,
                officialInformers,
                new Controllers.Config(
                        pki.authority().certificatePem(),
                        "10.244.0.0/16",
                        24,
                        grace,
                        Optional.of(pki.authority()),
                        Optional.of(this::tokenKeys)),
                Time.system(),
                metrics);
        node = ReconcilerRunner.start("node", new PretendedNode(informers, new Api(client)), 8, Time.system(), metrics);
        // no pod can be made before its account
        await(
                ServiceAccount.class,
                "an account",
                all -> all.find(new Key("default", "default")).isPresent());
    }

    private ServiceAccountKeys tokenKeys() {
        try {
            return pki.serviceAccountKeys();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Town start(Path directory) throws Exception {
        return start(directory, Duration.ofSeconds(40));
    }

    /// @param grace how long a node may be silent
    static Town start(Path directory, Duration grace) throws Exception {
        return new Town(directory, grace, Duration.ZERO);
    }

    /// A town whose controllers see each change up to `lag` late.
    static Town lagging(Path directory, Duration lag) throws Exception {
        return new Town(directory, Duration.ofSeconds(40), lag);
    }

    /// How often the API server gave this answer.
    long answered(String method, String resource, String subresource, int status) {
        var wanted = List.of(
                "apiserver_request_total{verb=\"" + method + "\"",
                "resource=\"" + resource + "\"",
                "subresource=\"" + subresource + "\"",
                "code=\"" + status + "\"");
        return metrics.exposition()
                .lines()
                .filter(line -> wanted.stream().allMatch(line::contains))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /// A client over TLS, as the administrator.
    KubernetesClient https(Path directory) throws Exception {
        return Clients.https(kubeconfig(directory));
    }

    /// The administrator's kubeconfig, written into that directory.
    Path kubeconfig(Path directory) throws IOException {
        var admin = pki.admin();
        var file = directory.resolve("kubeconfig");
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters:
                - name: kapal
                  cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: "%s"}
                users:
                - name: kapal
                  user: {client-certificate-data: "%s", client-key-data: "%s"}
                contexts:
                - name: kapal
                  context: {cluster: kapal, user: kapal}
                current-context: kapal
                """.formatted(
                        server.port(),
                        base64(pki.authority().certificatePem()),
                        base64(admin.certificatePem()),
                        base64(admin.keyPem())));
        return file;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// What pods trust the API server by.
    String authorityPem() {
        return pki.authority().certificatePem();
    }

    Api api() {
        return new Api(client);
    }

    KubernetesClient client() {
        return client;
    }

    <T extends HasMetadata> Cache<T> cache(Class<T> type) throws InterruptedException {
        var cache = informers.of(type);
        cache.awaitSync();
        return cache;
    }

    /// Blocks until the cache of `type` as a whole satisfies `wanted`; looks at each change.
    <T extends HasMetadata> void await(Class<T> type, String what, Predicate<Cache<T>> wanted) throws Exception {
        await(cache(type), what, wanted);
    }

    static <T> void await(Cache<T> cache, String what, Predicate<Cache<T>> wanted) throws Exception {
        var done = new CountDownLatch(1);
        try (var watching = cache.onChange(change -> {
            if (wanted.test(cache)) {
                done.countDown();
            }
        })) {
            if (!wanted.test(cache) && !done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("not within " + PATIENCE + ": " + what + "; there is " + cache.all());
            }
        }
    }

    @Override
    public void close() throws Exception {
        node.close();
        controllers.close();
        officialInformers.close();
        informers.close();
        official.close();
        client.close();
        server.close();
        store.close();
    }
}
