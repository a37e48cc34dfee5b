package dev.kapal.samples.dockercoins;

import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;

/// Random bytes over HTTP: `GET /32` answers with 32 of them. Each answer takes a tenth of a second, as real work
/// would.
public final class Rng {
    private static final int MOST = 1 << 20;

    private Rng() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        listen(Web.port(80)).serve();
    }

    static Web listen(int port) throws IOException {
        var random = new SecureRandom();
        String host = InetAddress.getLocalHost().getHostName();
        return Web.listen(port)
                .page("/", "application/octet-stream", request -> {
                    String path = request.getRequestURI().getPath().substring(1);
                    if (path.isEmpty()) {
                        return Web.text("RNG running on " + host + "\n");
                    }
                    if (!path.matches("[0-9]{1,7}") || Integer.parseInt(path) > MOST) {
                        throw new Web.NotFound();
                    }
                    Thread.sleep(100);
                    byte[] bytes = new byte[Integer.parseInt(path)];
                    random.nextBytes(bytes);
                    return bytes;
                })
                .start();
    }
}
