package dev.kapal.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.http.Headers;
import dev.kapal.http.client.ClientConnection;
import dev.kapal.http.client.Target;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.Pem;
import dev.kapal.pki.TlsContexts;
import dev.kapal.pki.TrustRoots;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/// One server to call, as a `clientConfig` describes it. Any thread. Each call has a thread and a connection for
/// itself,
/// and only so many are under way at once: a server that hangs holds up its own callers, nobody else. Connections are
/// kept for the calls that follow.
public final class WebhookTarget {
    private static final int MOST_CALLS = 256;
    private static final int MOST_BYTES = 8 * 1024 * 1024;
    private static final int SERVICE_PORT = 443;

    private final URI url;
    private final Optional<Service> service;
    private final String caBundle;
    private final Calling calling;
    private final KeptConnections connections;
    private final Semaphore places = new Semaphore(MOST_CALLS);
    /// Made at the first call.
    private volatile SSLContext tls;

    private record Service(String namespace, String name, int port) {}

    private WebhookTarget(URI url, Optional<Service> service, String caBundle, Calling calling) {
        this.url = url;
        this.service = service;
        this.caBundle = caBundle;
        this.calling = calling;
        this.connections = new KeptConnections(calling.life(), calling.time());
    }

    /// @param clientConfig `{url | service, caBundle}`, validated
    public static WebhookTarget of(JsonNode clientConfig, Calling calling) {
        var caBundle = clientConfig.path("caBundle").asText("");
        var reference = clientConfig.path("service");
        if (!reference.isObject()) {
            return new WebhookTarget(
                    URI.create(clientConfig.path("url").asText()), Optional.empty(), caBundle, calling);
        }
        var named = new Service(
                reference.path("namespace").asText(),
                reference.path("name").asText(),
                reference.path("port").asInt(SERVICE_PORT));
        var path = reference.path("path").asText("");
        var host = named.name() + "." + named.namespace() + ".svc";
        var url = URI.create("https://" + host + ":" + named.port() + (path.startsWith("/") ? "" : "/") + path);
        return new WebhookTarget(url, Optional.of(named), caBundle, calling);
    }

    /// Sends a document and waits for one. The failure's message names the URL and what was wrong, as upstream's does.
    public ObjectNode post(ObjectNode body, Duration timeout) throws WebhookFailure, InterruptedException {
        var shown = url + (url.getRawQuery() == null ? "?" : "&") + "timeout=" + timeout.toSeconds() + "s";
        long deadline = calling.time().nanos() + timeout.toNanos();
        if (!places.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw failed(shown, "context deadline exceeded");
        }
        try {
            return post(body, timeout, shown, deadline);
        } finally {
            places.release();
        }
    }

    private ObjectNode post(ObjectNode body, Duration timeout, String shown, long deadline)
            throws WebhookFailure, InterruptedException {
        var address = address(shown);
        var call = new Call(address, context(shown), body, timeout);
        var task = new FutureTask<>(call::run);
        calling.life().spawn("call", task::run);
        try {
            var answer = task.get(Math.max(1, deadline - calling.time().nanos()), TimeUnit.NANOSECONDS);
            return document(answer);
        } catch (TimeoutException late) {
            throw failed(shown, "context deadline exceeded");
        } catch (ExecutionException failure) {
            throw failed(shown, words(failure.getCause(), address));
        } finally {
            call.giveUp();
        }
    }

    private static WebhookFailure failed(String shown, String why) {
        return new WebhookFailure("Post \"" + shown + "\": " + why, 0);
    }

    private ServiceAddresses.Address address(String shown) throws WebhookFailure, InterruptedException {
        if (service.isEmpty()) {
            int port = url.getPort() < 0 ? SERVICE_PORT : url.getPort();
            var host = url.getHost().replaceAll("[\\[\\]]", "");
            return new ServiceAddresses.Address(host, port);
        }
        var named = service.get();
        try {
            return calling.services().resolve(named.namespace(), named.name(), named.port());
        } catch (WebhookFailure unknown) {
            throw new WebhookFailure("Post \"" + shown + "\": " + unknown.getMessage(), unknown.code());
        }
    }

    private SSLContext context(String shown) throws WebhookFailure {
        var known = tls;
        if (known != null) {
            return known;
        }
        try {
            var made = caBundle.isEmpty()
                    ? SSLContext.getDefault()
                    : TlsContexts.client(Optional.empty(), new TrustRoots(Pem.certificates(pem())));
            tls = made;
            return made;
        } catch (NoSuchAlgorithmException | IllegalArgumentException unusable) {
            throw failed(shown, "unable to load root certificates: unable to parse bytes as PEM block");
        }
    }

    private String pem() {
        return new String(Base64.getDecoder().decode(caBundle), StandardCharsets.UTF_8);
    }

    private record Answer(int status, byte[] body) {}

    /// One exchange on its own thread; whoever waits for it closes the connection when it takes too long.
    private final class Call {
        private final ServiceAddresses.Address address;
        private final SSLContext context;
        private final byte[] body;
        private final Duration timeout;
        /// Null before there is one, and when it is no more this call's.
        private volatile ClientConnection connection;

        private volatile boolean closed;

        Call(ServiceAddresses.Address address, SSLContext context, ObjectNode body, Duration timeout) {
            this.address = address;
            this.context = context;
            this.body = Documents.json(body);
            this.timeout = timeout;
        }

        Answer run() throws IOException {
            var kept = connections.take(address);
            if (kept.isPresent()) {
                try {
                    return exchange(kept.get());
                } catch (SocketTimeoutException late) {
                    throw late;
                } catch (IOException gone) {
                    // it did not outlive the pause: servers close what is quiet for long
                }
            }
            var target = new Target(address.host(), address.port(), Optional.of(context));
            return exchange(ClientConnection.open(target, url.getHost().replaceAll("[\\[\\]]", ""), timeout));
        }

        private Answer exchange(ClientConnection opened) throws IOException {
            connection = opened;
            try {
                if (closed) {
                    throw new SocketTimeoutException("context deadline exceeded");
                }
                opened.giveUpAfter(timeout);
                var headers = Headers.of(
                        "Host",
                        url.getRawAuthority(),
                        "Content-Type",
                        "application/json",
                        "Accept",
                        "application/json",
                        "User-Agent",
                        "kube-apiserver-admission");
                var answer = opened.send("POST", pathAndQuery(), headers, new ByteArrayInputStream(body), body.length);
                byte[] received = answer.body().readNBytes(MOST_BYTES + 1);
                if (received.length > MOST_BYTES) {
                    throw new IOException("the answer is longer than " + MOST_BYTES + " bytes");
                }
                if (answer.goesOn()) {
                    connection = null;
                    connections.keep(address, opened);
                }
                return new Answer(answer.status(), received);
            } finally {
                close();
            }
        }

        private String pathAndQuery() {
            var path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
            var query = url.getRawQuery() == null ? "?" : "?" + url.getRawQuery() + "&";
            return path + query + "timeout=" + timeout.toSeconds() + "s";
        }

        /// Ends it, whatever it is doing.
        void giveUp() {
            closed = true;
            close();
        }

        private void close() {
            var open = connection;
            if (open != null) {
                open.close();
            }
        }
    }

    private static ObjectNode document(Answer answer) throws WebhookFailure {
        if (answer.status() < 200 || answer.status() > 206) {
            throw new WebhookFailure(words(answer), answer.status());
        }
        try {
            if (DocumentDecoder.value(answer.body()) instanceof ObjectNode document) {
                return document;
            }
        } catch (DecodeException malformed) {
            throw new WebhookFailure(
                    "couldn't get version/kind; json parse error: " + malformed.getMessage(), answer.status());
        }
        throw new WebhookFailure("couldn't get version/kind; json parse error: not an object", answer.status());
    }

    private static String words(Answer answer) {
        var text = new String(answer.body(), StandardCharsets.UTF_8).strip();
        return switch (answer.status()) {
            case 400 -> "the server rejected our request for an unknown reason";
            case 401 -> "the server has asked for the client to provide credentials";
            case 403 -> text.isEmpty() ? "unknown" : text;
            case 404 -> "the server could not find the requested resource";
            case 405 -> "the server does not allow this method on the requested resource";
            case 429 -> "the server has received too many requests and has asked us to try again later";
            case 503 -> "the server is currently unable to handle the request";
            case 504 ->
                "the server was unable to return a response in the time allotted, but may still be processing"
                        + " the request";
            default ->
                answer.status() >= 500
                        ? "an error on the server (\"" + (text.isEmpty() ? "unknown" : text)
                                + "\") has prevented the request from succeeding"
                        : "the server responded with the status code " + answer.status()
                                + " but did not return more information";
        };
    }

    /// What went wrong on the way, in the words that people search for.
    private static String words(Throwable failure, ServiceAddresses.Address address) {
        return switch (failure) {
            case SocketTimeoutException late -> "context deadline exceeded";
            case ConnectException refused ->
                "dial tcp " + address.host() + ":" + address.port() + ": connect: "
                        + String.valueOf(refused.getMessage()).toLowerCase(Locale.ROOT);
            case UnknownHostException unknown -> "dial tcp: lookup " + address.host() + ": no such host";
            case SSLHandshakeException untrusted -> "tls: failed to verify certificate: x509: " + objection(untrusted);
            default -> String.valueOf(failure.getMessage());
        };
    }

    private static String objection(SSLHandshakeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException && cause.getClass() == CertificateException.class) {
                return "certificate is not valid for any of the names: " + cause.getMessage();
            }
        }
        var message = String.valueOf(failure.getMessage());
        return message.contains("PKIX path") ? "certificate signed by unknown authority" : message;
    }
}
