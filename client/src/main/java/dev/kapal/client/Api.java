package dev.kapal.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// Plain requests to the API server, one call each, nothing behind the caller's back: no retry, no re-reading, no
/// cloning. Any thread; blocks; interruption abandons the call.
///
/// A refusal is a [KubernetesClientException] with the server's `Status`; a lost connection an [UncheckedIOException].
public final class Api {
    private static final String JSON = "application/json";
    /// How long a plain request may take; the server itself gives up before.
    private static final Duration PATIENCE = Duration.ofSeconds(65);

    private final HttpClient http;
    private final String server;

    public Api(KubernetesClient client) {
        http = client.getHttpClient();
        String url = client.getMasterUrl().toString();
        server = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /// The forms of a patch.
    public enum Patch {
        JSON("application/json-patch+json"),
        MERGE("application/merge-patch+json"),
        STRATEGIC("application/strategic-merge-patch+json");

        private final String mediaType;

        Patch(String mediaType) {
            this.mediaType = mediaType;
        }
    }

    public <T extends HasMetadata> Optional<T> fetch(Class<T> type, Key key) throws InterruptedException {
        try {
            return Optional.of(decode(send("GET", Kind.of(type).object(key), JSON, ""), type));
        } catch (KubernetesClientException refusal) {
            if (refusal.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    public <T extends HasMetadata> T create(T object) throws InterruptedException {
        var kind = Kind.of(object);
        var metadata = object.getMetadata(); // reviews have none
        String namespace = metadata == null ? null : metadata.getNamespace();
        return decode(
                send("POST", kind.collection(namespace == null ? "" : namespace), JSON, encode(object)), kind.type());
    }

    /// Replaces the object; its resourceVersion, when set, must be the current one (409 otherwise).
    public <T extends HasMetadata> T update(T object) throws InterruptedException {
        return put(object, "");
    }

    public <T extends HasMetadata> T updateStatus(T object) throws InterruptedException {
        return put(object, "/status");
    }

    /// Replaces what a subresource stands for, as `approval`; the answer is the whole object.
    public <T extends HasMetadata> T update(T object, String subresource) throws InterruptedException {
        return put(object, "/" + subresource);
    }

    private <T extends HasMetadata> T put(T object, String subresource) throws InterruptedException {
        var kind = Kind.of(object);
        String path = kind.object(Key.of(object)) + subresource;
        return decode(send("PUT", path, JSON, encode(object)), kind.type());
    }

    public <T extends HasMetadata> T patch(Class<T> type, Key key, Patch form, String patch)
            throws InterruptedException {
        return decode(send("PATCH", Kind.of(type).object(key), form.mediaType, patch), type);
    }

    public <T extends HasMetadata> T patchStatus(Class<T> type, Key key, Patch form, String patch)
            throws InterruptedException {
        return decode(send("PATCH", Kind.of(type).object(key) + "/status", form.mediaType, patch), type);
    }

    /// Deletes; false when it was gone already.
    public <T extends HasMetadata> boolean delete(Class<T> type, Key key, DeleteOptions options)
            throws InterruptedException {
        return delete(Kind.of(type).object(key), options);
    }

    /// Deletes what the path names, an object or a collection; false when it was gone already.
    public boolean delete(String path, DeleteOptions options) throws InterruptedException {
        try {
            send("DELETE", path, JSON, encode(options));
            return true;
        } catch (KubernetesClientException refusal) {
            if (refusal.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw refusal;
        }
    }

    /// Posts to a subresource, `binding` or `eviction`, the answer being of no interest.
    public <T extends HasMetadata> void post(Class<T> type, Key key, String subresource, Object body)
            throws InterruptedException {
        send("POST", Kind.of(type).object(key) + "/" + subresource, JSON, encode(body));
    }

    /// Reads any document.
    public JsonNode get(String path) throws InterruptedException {
        return read(send("GET", path, JSON, ""), JsonNode.class);
    }

    /// Reads any document in the form that `accept` asks for.
    public JsonNode get(String path, String accept) throws InterruptedException {
        return read(send("GET", path, accept, JSON, ""), JsonNode.class);
    }

    /// Patches any object, by path.
    public void patch(String path, Patch form, String patch) throws InterruptedException {
        send("PATCH", path, form.mediaType, patch);
    }

    /// Replaces any object, by path.
    public JsonNode put(String path, JsonNode document) throws InterruptedException {
        return read(send("PUT", path, JSON, encode(document)), JsonNode.class);
    }

    /// Opens a long answer for reading; the caller closes it.
    public InputStream open(String path, String accept) throws IOException, InterruptedException {
        var request = http.newHttpRequestBuilder()
                .uri(server + path)
                .header("Accept", accept)
                .forStreaming()
                .build();
        var response = await(http.sendAsync(request, InputStream.class));
        if (response.isSuccessful()) {
            return response.body();
        }
        try (var body = response.body()) {
            throw refusal(request, response.code(), body.readAllBytes());
        }
    }

    private byte[] send(String method, String path, String contentType, String body) throws InterruptedException {
        return send(method, path, JSON, contentType, body);
    }

    private byte[] send(String method, String path, String accept, String contentType, String body)
            throws InterruptedException {
        var builder = http.newHttpRequestBuilder()
                .uri(server + path)
                .header("Accept", accept)
                .timeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        var request = body.isEmpty()
                ? builder.build()
                : builder.method(method, contentType, body).build();
        var response = await(http.sendAsync(request, byte[].class));
        if (!response.isSuccessful()) {
            throw refusal(request, response.code(), response.body());
        }
        return response.body();
    }

    private static <V> HttpResponse<V> await(CompletableFuture<HttpResponse<V>> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (InterruptedException stop) {
            answer.cancel(true);
            throw stop;
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case InterruptedException stop -> {
                    Thread.interrupted(); // told by the exception from here on
                    throw stop;
                }
                case IOException lost -> throw new UncheckedIOException(lost);
                case RuntimeException fault -> throw fault;
                default -> throw new IllegalStateException(failure.getCause());
            }
        }
    }

    private static KubernetesClientException refusal(HttpRequest request, int code, byte[] body) {
        Status status;
        try {
            status = Json.mapper().readValue(body, Status.class);
        } catch (IOException notAStatus) {
            status = new StatusBuilder()
                    .withCode(code)
                    .withMessage(new String(body, StandardCharsets.UTF_8))
                    .build();
        }
        String message = request.method() + " " + request.uri().getPath() + ": " + code + " " + status.getMessage();
        return new KubernetesClientException(message, null, code, status, request);
    }

    private static <T extends HasMetadata> T decode(byte[] body, Class<T> type) {
        return read(body, type);
    }

    private static <T> T read(byte[] body, Class<T> type) {
        try {
            return Json.mapper().readValue(body, type);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static String encode(Object value) {
        try {
            return Json.mapper().writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
