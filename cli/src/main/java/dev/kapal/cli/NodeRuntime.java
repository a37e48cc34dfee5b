package dev.kapal.cli;

import dev.kapal.agent.containerd.ContainerdConfig;
import dev.kapal.agent.containerd.Snapshotter;
import dev.kapal.agent.cri.GrpcContainerRuntime;
import dev.kapal.agent.image.ImageBuilder;
import dev.kapal.agent.image.ImageImport;
import dev.kapal.agent.image.PauseImage;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The container runtime of a running cluster, as the command line sees it. One thread.
final class NodeRuntime implements AutoCloseable {
    private final DataDirectory data;
    private final GrpcContainerRuntime runtime;
    private final ImageImport images;

    private NodeRuntime(DataDirectory data, GrpcContainerRuntime runtime, ImageImport images) {
        this.data = data;
        this.runtime = runtime;
        this.images = images;
    }

    /// Where the cluster's containerd keeps its things.
    static ContainerdConfig config(DataDirectory data) {
        return ContainerdConfig.under(data.root(), data.run().resolve("containerd"), PauseImage.REFERENCE);
    }

    /// The runtime that the cluster's node uses, whoever owns it.
    static NodeRuntime of(DataDirectory data) throws IOException, InterruptedException {
        var config = config(data);
        Path socket = ForeignRuntime.of(data).orElse(config.socket());
        if (!Files.exists(socket)) {
            throw new Refusal("no cluster runs in %s; start it: ./kapal up".formatted(data.root()));
        }
        var runtime = GrpcContainerRuntime.at(socket);
        String snapshotter = socket.equals(config.socket())
                ? Snapshotter.workingIn(config.data()).word()
                : runtime.snapshotter().orElseThrow(() -> notContainerd(socket));
        return new NodeRuntime(data, runtime, new ImageImport(socket, snapshotter, runtime, Time.system()));
    }

    private static Refusal notContainerd(Path socket) {
        return new Refusal(
                "the container runtime at %s is not containerd; give it images in its own way".formatted(socket));
    }

    GrpcContainerRuntime runtime() {
        return runtime;
    }

    boolean has(String reference) throws InterruptedException {
        return runtime.imageStatus(reference).isPresent();
    }

    List<String> load(Path archive) throws IOException, InterruptedException {
        return images.load(archive);
    }

    /// Builds an image and puts it on the node.
    void build(ImageBuilder image) throws IOException, InterruptedException {
        Path archive = Files.createTempFile(cache(), "image", ".tar");
        try {
            image.writeTo(archive);
            load(archive);
        } finally {
            Files.delete(archive);
        }
    }

    /// Where downloads and linked runtimes wait for the next build.
    Path cache() throws IOException {
        return Files.createDirectories(data.images());
    }

    @Override
    public void close() {
        runtime.close();
    }
}
