package dev.kapal.cli;

import dev.kapal.agent.image.BusyboxImage;
import dev.kapal.agent.image.DebianRootfs;
import dev.kapal.agent.image.ImageBuilder;
import dev.kapal.agent.image.JavaRuntime;
import dev.kapal.agent.image.Layer;
import dev.kapal.samples.dockercoins.Web;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The images that are made here, without any registry: BusyBox, and those of the DockerCoins sample.
final class SampleImages {
    /// Image name → main class.
    private static final Map<String, String> SERVICES =
            Map.of("rng", "Rng", "hasher", "Hasher", "worker", "Worker", "webui", "WebUi");

    private static final String PREFIX = "kapal.local/dockercoins/";
    private static final String VERSION = ":v0.1";

    private SampleImages() {}

    static void busybox(NodeRuntime node) throws IOException, InterruptedException {
        if (!node.has(BusyboxImage.REFERENCE)) {
            node.build(BusyboxImage.builder(BusyboxImage.REFERENCE, node.cache()));
        }
    }

    static void dockercoins(NodeRuntime node) throws IOException, InterruptedException {
        String redis = PREFIX + "redis" + VERSION;
        if (!node.has(redis)) {
            node.build(ImageBuilder.named(redis)
                    .layer(DebianRootfs.layer(List.of("redis-server"), node.cache())
                            .directory("/data", 0755))
                    .workingDirectory("/data")
                    .entrypoint(
                            "/usr/bin/redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--dir", "/data"));
        }
        for (var service : SERVICES.entrySet()) {
            String reference = PREFIX + service.getKey() + VERSION;
            if (!node.has(reference)) {
                node.build(javaImage(reference, service.getValue(), node.cache()));
            }
        }
    }

    private static ImageBuilder javaImage(String reference, String main, Path cache)
            throws IOException, InterruptedException {
        return ImageBuilder.named(reference)
                .layer(JavaRuntime.layer(List.of("java.base", "java.net.http", "jdk.httpserver"), cache))
                .layer(new Layer().file("/app/dockercoins.jar", jar()))
                .entrypoint(
                        JavaRuntime.HOME + "/bin/java",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        "/app/dockercoins.jar",
                        "dev.kapal.samples.dockercoins." + main);
    }

    /// The sample's own jar, from this process's class path.
    private static Path jar() {
        try {
            return Path.of(Web.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
