package dev.kapal.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// An exchange with a caller in this process. The handler's thread writes, the caller's reads.
final class LocalExchange implements Exchange {
    private final Request request;
    private final CompletableFuture<InProcess.Answer> head = new CompletableFuture<>();
    private final Pipe pipe = new Pipe(256 * 1024);

    LocalExchange(Request request) {
        this.request = request;
    }

    /// Runs the handler to its end, on the thread of the call.
    void run(Handler handler) {
        try {
            handler.handle(this);
            pipe.finish();
            head.completeExceptionally(new IOException("the handler did not answer " + request));
        } catch (Throwable failure) {
            var broken = new IOException("the handler failed on " + request, failure);
            pipe.fail(broken);
            head.completeExceptionally(broken);
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
    }

    InProcess.Answer answer() throws IOException, InterruptedException {
        try {
            return head.get();
        } catch (ExecutionException noAnswer) {
            throw new IOException(noAnswer.getCause().getMessage(), noAnswer.getCause());
        } catch (InterruptedException stop) {
            pipe.abandon();
            throw stop;
        }
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public void respond(Response response) throws IOException {
        begin(response.status(), response.headers(), new SequencedBytes(response.body()));
        pipe.finish();
    }

    @Override
    public Body stream(int status, Headers headers) throws IOException {
        begin(status, headers, pipe.input());
        return pipe;
    }

    @Override
    public Duplex upgrade(String protocol, Headers headers) throws IOException {
        throw new IOException("an in-process call cannot be upgraded");
    }

    @Override
    public void onDisconnect(Runnable action) {
        pipe.onAbandoned(action);
    }

    private void begin(int status, Headers headers, InputStream body) {
        if (!head.complete(new InProcess.Answer(status, headers, body))) {
            throw new IllegalStateException("answered twice: " + request);
        }
    }
}
