package dev.kapal.agent.server;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.log.LogReader;
import dev.kapal.base.time.Time;
import dev.kapal.http.Body;
import dev.kapal.http.Exchange;
import dev.kapal.http.Headers;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Answers with a container's log. Runs on the request's thread, for as long as the log is followed.
record Logs(ContainerRuntime runtime, Time time) {
    void answer(Exchange exchange, Pod pod, String container) throws IOException, InterruptedException {
        var parameters = new Parameters(exchange.request());
        var query = LogQueries.of(parameters, time.instant());
        var id = LoggedContainer.idOf(pod, container, parameters.flag("previous"));
        var file = fileOf(id);
        var reader = Thread.currentThread();
        exchange.onDisconnect(reader::interrupt);
        try (var body = exchange.stream(200, Headers.of("Content-Type", "text/plain"))) {
            new LogReader(query, new Sink(body), time).read(file, () -> isRunning(id));
        }
    }

    private Path fileOf(String id) throws InterruptedException {
        Path file;
        try {
            file = Path.of(runtime.containerStatus(id).getLogPath());
        } catch (CriException gone) {
            throw Refusal.badRequest("unable to retrieve container logs for containerd://" + id);
        }
        if (!Files.isReadable(file)) {
            throw Refusal.badRequest(
                    "failed to try resolving symlinks in path \"%1$s\": lstat %1$s: no such file or directory"
                            .formatted(file));
        }
        return file;
    }

    /// A runtime that does not answer just now says nothing about the container: go on.
    private boolean isRunning(String id) throws InterruptedException {
        try {
            return runtime.containerStatus(id).getState() == ContainerState.CONTAINER_RUNNING;
        } catch (CriException failure) {
            return failure.isUnavailable();
        }
    }

    /// The answer's body as a stream.
    private static final class Sink extends OutputStream {
        private final Body body;

        Sink(Body body) {
            this.body = body;
        }

        @Override
        public void write(int one) throws IOException {
            body.write(new byte[] {(byte) one});
        }

        /// The body keeps the array until it is sent.
        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            boolean whole = from == 0 && length == bytes.length;
            body.write(whole ? bytes : Arrays.copyOfRange(bytes, from, from + length));
        }

        @Override
        public void flush() throws IOException {
            body.flush();
        }
    }
}
