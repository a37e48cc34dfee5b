package dev.kapal.samples.dockercoins;

import java.io.IOException;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 over HTTP: `POST /` answers with the hash of the body in hexadecimal. Each answer takes a tenth of a second.
public final class Hasher {
    private Hasher() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        listen(Web.port(80)).serve();
    }

    static Web listen(int port) throws IOException {
        String host = InetAddress.getLocalHost().getHostName();
        return Web.listen(port)
                .page("/", "text/plain", request -> {
                    if (!request.getRequestMethod().equals("POST")) {
                        return Web.text("HASHER running on " + host + "\n");
                    }
                    Thread.sleep(100);
                    return Web.text(sha256(request.getRequestBody().readAllBytes()));
                })
                .start();
    }

    static String sha256(byte[] data) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
