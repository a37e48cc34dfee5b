package dev.kapal.agent.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kapal.agent.containerd.TestNode;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.pod.PodEvents;
import dev.kapal.agent.pod.PodImages.ImageException;
import dev.kapal.base.time.Time;
import dev.kapal.testkit.MachineOfItsOwn;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// containerd pulls from a registry on loopback that serves one image.
@Tag("containerd")
@ExtendWith(MachineOfItsOwn.class)
class PullTest {
    private static final Pod POD = new PodBuilder()
            .withNewMetadata()
            .withName("web")
            .withUid("u1")
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();

    @TempDir
    Path directory;

    private final List<String> told = new CopyOnWriteArrayList<>();

    @Test
    void anImageIsPulledFromARegistryAndAMissingOneIsReportedInUpstreamsWords() throws Exception {
        try (var node = TestNode.start(directory)) {
            var registry = startRegistry();
            try {
                var host = "127.0.0.1:" + registry.getAddress().getPort();
                var images = new Images(node.runtime(), new Told(), new Secrets(), Time.system());

                var id = ensure(images, host + "/web:1");
                assertThat(node.runtime()
                                .imageStatus(host + "/web:1")
                                .orElseThrow()
                                .getId())
                        .isEqualTo(id);
                assertThat(told.getFirst()).isEqualTo("Pulling Pulling image \"" + host + "/web:1\"");
                assertThat(told.getLast())
                        .matches(
                                "Pulled Successfully pulled image \"" + host
                                        + "/web:1\" in [0-9.ms]+ \\([0-9.ms]+ including waiting\\)\\. Image size: [0-9]+ bytes\\.");

                assertThatThrownBy(() -> ensure(images, host + "/nothing:1"))
                        .isInstanceOf(ImageException.class)
                        .hasMessageStartingWith("rpc error: code = NotFound desc = failed to pull and unpack image \""
                                + host + "/nothing:1\": failed to resolve reference \"" + host + "/nothing:1\": ")
                        .hasMessageEndingWith("not found");
            } finally {
                registry.stop(0);
            }
        }
    }

    private static String ensure(Images images, String name) throws ImageException, InterruptedException {
        var container = new ContainerBuilder()
                .withName("main")
                .withImage(name)
                .withImagePullPolicy("IfNotPresent")
                .build();
        return images.ensure(POD, container, "spec.containers{main}", PodSandboxConfig.getDefaultInstance());
    }

    private HttpServer startRegistry() throws IOException {
        var archive = directory.resolve("web.tar");
        ImageBuilder.named("kapal.local/web:1")
                .layer(new Layer().file("/hello", "hello".getBytes(UTF_8), 0644))
                .entrypoint("/hello")
                .writeTo(archive);
        var files = read(archive);
        var manifest = new ObjectMapper()
                .readTree(files.get("index.json"))
                .at("/manifests/0/digest")
                .textValue();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            var digest = path.endsWith("/web/manifests/1") ? manifest : path.substring(path.lastIndexOf('/') + 1);
            answer(exchange, digest, files.get("blobs/" + digest.replace(':', '/')));
        });
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange, String digest, byte[] content) throws IOException {
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            boolean isManifest = exchange.getRequestURI().getPath().contains("/manifests/");
            exchange.getResponseHeaders()
                    .add(
                            "Content-Type",
                            isManifest ? "application/vnd.oci.image.manifest.v1+json" : "application/octet-stream");
            exchange.getResponseHeaders().add("Docker-Content-Digest", digest);
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            if (isHead) {
                exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
            }
            exchange.sendResponseHeaders(200, isHead ? -1 : content.length);
            if (!isHead) {
                exchange.getResponseBody().write(content);
            }
        }
        exchange.close();
    }

    private static Map<String, byte[]> read(Path archive) throws IOException {
        var files = new HashMap<String, byte[]>();
        try (var in = new TarArchiveInputStream(Files.newInputStream(archive))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), in.readAllBytes());
            }
        }
        return files;
    }

    private final class Told implements PodEvents {
        @Override
        public void normal(Pod pod, String fieldPath, String reason, String message) {
            told.add(reason + " " + message);
        }

        @Override
        public void warning(Pod pod, String fieldPath, String reason, String message) {
            told.add(reason + " " + message);
        }
    }
}
