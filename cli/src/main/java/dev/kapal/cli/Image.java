package dev.kapal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `kapal image`: images on the node without a registry.
@Command(
        name = "image",
        description = "Images without a registry.",
        subcommands = {Image.Import.class, Image.Listing.class, Image.Build.class})
public final class Image {
    @Command(name = "import", description = "Puts the images of an archive (OCI layout or docker save) on the node.")
    static final class Import implements Callable<Integer> {
        @Mixin
        private ClusterOptions cluster;

        @Parameters(paramLabel = "FILE")
        private Path file;

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (!Files.isReadable(file)) {
                throw new Refusal("there is no file " + file);
            }
            try (var node = NodeRuntime.of(cluster.data())) {
                node.load(file).forEach(System.out::println);
            }
            return 0;
        }
    }

    @Command(name = "list", description = "Lists the images on the node.")
    static final class Listing implements Callable<Integer> {
        @Mixin
        private ClusterOptions cluster;

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (var node = NodeRuntime.of(cluster.data())) {
                node.runtime().listImages().stream()
                        .flatMap(image -> image.getRepoTagsList().stream()
                                .map(tag -> "%-60s %7.1f MB".formatted(tag, image.getSize() / 1e6)))
                        .sorted()
                        .forEach(System.out::println);
            }
            return 0;
        }
    }

    @Command(name = "build", description = "Makes an image on this machine and puts it on the node.")
    static final class Build implements Callable<Integer> {
        enum Sample {
            busybox,
            dockercoins
        }

        @Mixin
        private ClusterOptions cluster;

        @Parameters(paramLabel = "SAMPLE", description = "one of: ${COMPLETION-CANDIDATES}")
        private Sample sample;

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (var node = NodeRuntime.of(cluster.data())) {
                switch (sample) {
                    case busybox -> SampleImages.busybox(node);
                    case dockercoins -> SampleImages.dockercoins(node);
                }
            }
            return 0;
        }
    }
}
