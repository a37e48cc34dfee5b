package dev.kapal.samples.dockercoins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void rngAnswersWithAsManyBytesAsAskedFor() throws Exception {
        try (var rng = Rng.listen(0)) {
            var answer = get(rng, "/32");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).hasSize(32);
            assertThat(get(rng, "/32").body()).isNotEqualTo(answer.body());
            assertThat(get(rng, "/thirty").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void hasherAnswersWithTheSha256OfTheBody() throws Exception {
        try (var hasher = Hasher.listen(0)) {
            var answer = http.send(
                    HttpRequest.newBuilder(at(hasher, "/"))
                            .POST(HttpRequest.BodyPublishers.ofString("abc"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertThat(answer.body()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        }
    }

    @Test
    void theWebPageIsServedAndOtherPathsAreNot() throws Exception {
        try (var webui = WebUi.listen(0, "127.0.0.1:1")) {
            assertThat(new String(get(webui, "/").body(), StandardCharsets.UTF_8))
                    .contains("<title>DockerCoins</title>");
            assertThat(get(webui, "/etc/passwd").statusCode()).isEqualTo(404);
            assertThat(get(webui, "/json").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void countersComeFromRedis() throws Exception {
        try (var redis = new ServerSocket(0)) {
            var answering = Thread.ofVirtual().start(() -> answer(redis, ":7\r\n$2\r\n42\r\n"));
            try (var webui = WebUi.listen(0, "127.0.0.1:" + redis.getLocalPort())) {
                assertThat(new String(get(webui, "/json").body(), StandardCharsets.UTF_8))
                        .startsWith("{\"coins\":7,\"hashes\":42,");
            }
            answering.join();
        }
    }

    /// A redis that answers with `text` whatever it is asked.
    private static void answer(ServerSocket redis, String text) {
        try (var client = redis.accept()) {
            client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private HttpResponse<byte[]> get(Web web, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(at(web, path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static URI at(Web web, String path) {
        return URI.create("http://127.0.0.1:" + web.port() + path);
    }
}
