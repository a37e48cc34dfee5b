package dev.kapal.client;

import dev.kapal.base.life.Life;
import dev.kapal.http.Headers;
import dev.kapal.http.InProcess;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// Carries fabric8's requests to a handler in this process.
///
/// Answers that are read as bytes or as a stream (all of ours, and fabric8's typed calls) are made on the calling
/// thread: the future is complete when it is returned. Only fabric8's own watches come through an [AsyncBody].
final class InProcessHttpClient
        extends StandardHttpClient<InProcessHttpClient, InProcessTransport, InProcessTransport.Builder> {
    private static final byte[] NO_BODY = new byte[0];

    private final InProcess calls;
    private final Peer.Local peer;

    InProcessHttpClient(InProcessTransport.Builder builder, AtomicBoolean closed, InProcess calls, Peer.Local peer) {
        super(builder, closed);
        this.calls = calls;
        this.peer = peer;
    }

    InProcess calls() {
        return calls;
    }

    @Override
    @SuppressWarnings("unchecked") // V is what `type` says
    public <V> CompletableFuture<HttpResponse<V>> sendAsync(HttpRequest request, Class<V> type) {
        if (type != byte[].class && type != InputStream.class) {
            return super.sendAsync(request, type);
        }
        try {
            var answer = call((StandardHttpRequest) request);
            V body;
            if (type == InputStream.class) {
                body = (V) answer.body();
            } else {
                try (var stream = answer.body()) {
                    body = (V) stream.readAllBytes();
                }
            }
            return CompletableFuture.completedFuture(new InProcessResponse<>(answer, request, body));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(stop);
        } catch (IOException | RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    @Override
    public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
            StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        var response = new CompletableFuture<HttpResponse<AsyncBody>>();
        // Ends with the call: the body has a reader of its own.
        new Life("in-process-call").spawn(request.method(), () -> {
            try {
                var answer = call(request);
                AsyncBody body = new InProcessBody(answer.body(), consumer);
                response.complete(new InProcessResponse<>(answer, request, body));
            } catch (IOException | InterruptedException | RuntimeException failure) {
                response.completeExceptionally(failure);
            }
        });
        return response;
    }

    @Override
    public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
            StandardWebSocketBuilder builder, WebSocket.Listener listener) {
        return CompletableFuture.failedFuture(
                new IOException("exec, attach and port-forward need a connection: use the HTTPS client"));
    }

    @Override
    protected void doClose() {
        calls.close();
    }

    private InProcess.Answer call(StandardHttpRequest request) throws IOException, InterruptedException {
        if (closed.get()) {
            throw new IOException("the client is closed");
        }
        var headers = Headers.builder();
        request.headers().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
        if (request.getContentType() != null) {
            headers.set("Content-Type", request.getContentType());
        }
        var uri = request.uri();
        String target = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
        return calls.call(Request.local(request.method(), target, headers.build(), bytes(request.body()), peer));
    }

    private static byte[] bytes(StandardHttpRequest.BodyContent content) throws IOException {
        return switch (content) {
            case null -> NO_BODY;
            case StandardHttpRequest.StringBodyContent text -> text.getContent().getBytes(StandardCharsets.UTF_8);
            case StandardHttpRequest.ByteArrayBodyContent array -> array.getContent();
            case StandardHttpRequest.InputStreamBodyContent stream ->
                stream.getContent().readAllBytes();
            default -> throw new IOException("a body of unknown form: " + content.getClass());
        };
    }
}
