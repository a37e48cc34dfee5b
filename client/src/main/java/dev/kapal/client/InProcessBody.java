package dev.kapal.client;

import dev.kapal.base.life.Life;
import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/// Feeds a blocking stream to fabric8's consumer: one virtual thread reads a piece for each [#consume].
final class InProcessBody implements AsyncBody {
    private static final int PIECE = 16 * 1024;

    private final InputStream body;
    private final Consumer<List<ByteBuffer>> consumer;
    private final Semaphore wanted = new Semaphore(0);
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    InProcessBody(InputStream body, Consumer<List<ByteBuffer>> consumer) {
        this.body = body;
        this.consumer = consumer;
        // Ends with the body: on its end, when it breaks, or when it is cancelled.
        new Life("in-process-body").spawn("pump", this::pump);
    }

    @Override
    public void consume() {
        wanted.release();
    }

    @Override
    public CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public void cancel() {
        close();
        done.cancel(false);
        wanted.release();
    }

    private void pump() throws Exception {
        var buffer = new byte[PIECE];
        try {
            while (!done.isDone()) {
                wanted.acquire();
                int count = body.read(buffer);
                if (count < 0) {
                    done.complete(null);
                    return;
                }
                consumer.consume(List.of(ByteBuffer.wrap(Arrays.copyOf(buffer, count))), this);
            }
        } catch (IOException broken) {
            done.completeExceptionally(broken);
        } finally {
            close();
        }
    }

    private void close() {
        try {
            body.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
    }
}
