package dev.kapal.apiserver.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import dev.kapal.pki.Identity;
import dev.kapal.pki.Pem;
import dev.kapal.pki.PkiException;
import dev.kapal.pki.TrustRoots;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/// A server that answers reviews, described by a kubeconfig file. Any thread; a call blocks, and a server that does not
/// answer is asked again a few times. Source: "Webhook Mode", configuration file format.
public final class Webhook implements AutoCloseable {
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    /// How long one attempt may take where nobody says.
    public static final Duration USUAL_LIMIT = Duration.ofSeconds(30);

    private final RemoteServer server;
    private final URI uri;
    private final Duration firstPause;
    private final Time time;

    private Webhook(RemoteServer server, URI uri, Duration firstPause, Time time) {
        this.server = server;
        this.uri = uri;
        this.firstPause = firstPause;
        this.time = time;
    }

    /// As [#of(Path, Duration, Duration, Time)], for a caller that waits for the answer.
    public static Webhook of(Path kubeconfig, Duration limit, Time time) throws IOException {
        return of(kubeconfig, limit, FIRST_PAUSE, time);
    }

    /// @param limit of one attempt
    /// @param firstPause before the second attempt; half as long again before each further one
    /// @throws IOException when a file cannot be read
    /// @throws IllegalArgumentException when the file makes no sense; its message is for the user
    public static Webhook of(Path kubeconfig, Duration limit, Duration firstPause, Time time) throws IOException {
        try {
            var file = new DocumentDecoder()
                    .decode(Files.readAllBytes(kubeconfig), MediaType.YAML)
                    .document();
            String current = file.path("current-context").asText("");
            var context = named(file.path("contexts"), current, "context").path("context");
            var cluster = named(file.path("clusters"), context.path("cluster").asText(""), "cluster")
                    .path("cluster");
            var user = context.path("user").asText("").isEmpty()
                    ? context.path("none")
                    : named(file.path("users"), context.path("user").asText(), "user")
                            .path("user");
            String server = cluster.path("server").asText("");
            if (server.isEmpty()) {
                throw new IllegalArgumentException("no server in the cluster");
            }
            return new Webhook(
                    new RemoteServer(
                            roots(cluster, kubeconfig), identity(user, kubeconfig), token(user, kubeconfig), limit),
                    URI.create(server),
                    firstPause,
                    time);
        } catch (DecodeException | PkiException | IllegalArgumentException broken) {
            throw new IllegalArgumentException(kubeconfig + ": " + broken.getMessage(), broken);
        }
    }

    /// The entry of that name; the only one where none is named.
    private static JsonNode named(JsonNode list, String name, String what) {
        for (var entry : list) {
            if (entry.path("name").asText().equals(name) || name.isEmpty() && list.size() == 1) {
                return entry;
            }
        }
        throw new IllegalArgumentException("there is no " + what + " \"" + name + "\"");
    }

    private static Optional<TrustRoots> roots(JsonNode cluster, Path file) throws IOException {
        return text(cluster, "certificate-authority", file).map(pem -> new TrustRoots(Pem.certificates(pem)));
    }

    private static Optional<Identity> identity(JsonNode user, Path file) throws IOException {
        var certificate = text(user, "client-certificate", file);
        var key = text(user, "client-key", file);
        return certificate.isPresent() && key.isPresent()
                ? Optional.of(new Identity(Pem.certificates(certificate.get()), Pem.privateKey(key.get())))
                : Optional.empty();
    }

    private static Optional<String> token(JsonNode user, Path file) throws IOException {
        String inline = user.path("token").asText("");
        String from = user.path("tokenFile").asText("");
        if (!inline.isEmpty() || from.isEmpty()) {
            return Optional.of(inline).filter(value -> !value.isEmpty());
        }
        return Optional.of(Files.readString(file.resolveSibling(from)).strip());
    }

    /// What `field-data` holds, or the file that `field` names, beside the kubeconfig.
    private static Optional<String> text(JsonNode entry, String field, Path file) throws IOException {
        String data = entry.path(field + "-data").asText("");
        if (!data.isEmpty()) {
            return Optional.of(new String(Base64.getMimeDecoder().decode(data), StandardCharsets.UTF_8));
        }
        String name = entry.path(field).asText("");
        return name.isEmpty() ? Optional.empty() : Optional.of(Files.readString(file.resolveSibling(name)));
    }

    /// The review with its status.
    ///
    /// @throws IOException when the server gave no answer in spite of several attempts
    public ObjectNode ask(ObjectNode review) throws IOException, InterruptedException {
        return attempted(() -> server.post(uri, review));
    }

    /// Sends a document to which there is no answer but whether it arrived.
    ///
    /// @param json a whole document
    /// @throws IOException when it did not arrive in spite of several attempts
    public void tell(byte[] json) throws IOException, InterruptedException {
        attempted(() -> server.send(uri, json));
    }

    private interface Attempt<T> {
        T make() throws IOException, InterruptedException;
    }

    private <T> T attempted(Attempt<T> attempt) throws IOException, InterruptedException {
        var pause = firstPause;
        for (int count = 1; ; count++) {
            try {
                return attempt.make();
            } catch (IOException failure) {
                if (count == ATTEMPTS) {
                    throw failure;
                }
            }
            time.sleep(pause);
            pause = pause.multipliedBy(3).dividedBy(2);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
