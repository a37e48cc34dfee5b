package dev.kapal.agent.volume;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Function;

/// How much pods have written into volumes that have a limit but no file system of their own. Stateless; reads the
/// disk.
///
/// Source: EmptyDirVolumeSource API, `sizeLimit`.
final class EmptyDirUse {
    private EmptyDirUse() {}

    /// Upstream's sentence about the first volume that holds too much.
    static Optional<String> overLimit(Pod pod, Function<Volume, Path> pathOf) {
        for (var volume : pod.getSpec().getVolumes()) {
            var source = volume.getEmptyDir();
            boolean limited = source != null && source.getSizeLimit() != null && !"Memory".equals(source.getMedium());
            long limit = limited ? source.getSizeLimit().getNumericalAmount().longValue() : 0;
            if (limit > 0 && bytes(pathOf.apply(volume)) > limit) {
                return Optional.of("Usage of EmptyDir volume \"" + volume.getName() + "\" exceeds the limit \""
                        + source.getSizeLimit() + "\". ");
            }
        }
        return Optional.empty();
    }

    /// Of all files below; what goes away while it is counted does not count.
    static long bytes(Path directory) {
        var sum = new long[1];
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum[0] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException cutShort) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return sum[0];
    }
}
