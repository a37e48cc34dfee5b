package dev.kapal.samples.dockercoins;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// A web server of a service: one virtual thread for each request, until the process is told to stop.
public final class Web implements AutoCloseable {
    private final HttpServer server;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Web(HttpServer server) {
        this.server = server;
    }

    /// Answers one request. What it throws becomes a 500.
    @FunctionalInterface
    public interface Page {
        byte[] answer(HttpExchange request) throws IOException, InterruptedException;
    }

    /// Listens on `port`; 0 picks a free one.
    public static Web listen(int port) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(port), 128);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return new Web(server);
    }

    public Web page(String path, String contentType, Page page) {
        server.createContext(path, request -> {
            try (request) {
                int status = 200;
                byte[] body;
                try {
                    body = page.answer(request);
                } catch (NotFound wrongPath) {
                    status = 404;
                    body = text("not found\n");
                } catch (IOException | InterruptedException | RuntimeException failure) {
                    status = 500;
                    body = text(failure + "\n");
                }
                request.getResponseHeaders().set("Content-Type", contentType);
                request.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                request.getResponseBody().write(body);
            }
        });
        return this;
    }

    public Web start() {
        server.start();
        return this;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /// Blocks until the process gets TERM, then finishes the requests that run.
    public void serve() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        stopped.await();
    }

    @Override
    public void close() {
        server.stop(1);
        stopped.countDown();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The port to listen on: the service's own, unless `PORT` says another.
    static int port(int usual) {
        String port = System.getenv("PORT");
        return port == null ? usual : Integer.parseInt(port);
    }

    /// No such page.
    static final class NotFound extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotFound() {
            super(null, null, false, false);
        }
    }
}
