package dev.kapal.agent.log;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// The flat directory of links to all container logs that log collectors read:
/// `POD_NAMESPACE_CONTAINER-ID.log`. Any thread.
record LogLinks(Path directory) {
    /// Links that cannot be longer than a file name.
    private static final int LONGEST_NAME = 255;

    /// A container whose log is linked.
    record Linked(String pod, String namespace, String container, String id, Path log) {
        String fileName() {
            var suffix = "-" + id + ".log";
            var prefix = pod + "_" + namespace + "_" + container;
            int room = LONGEST_NAME - suffix.length();
            return (prefix.length() > room ? prefix.substring(0, room) : prefix) + suffix;
        }
    }

    /// Makes the directory hold exactly one link for each of `containers`; links that point elsewhere than into
    /// `ownLogs` are not ours and stay.
    void reconcile(Iterable<Linked> containers, Path ownLogs) throws IOException {
        Files.createDirectories(directory);
        Set<String> wanted = new HashSet<>();
        for (var container : containers) {
            wanted.add(container.fileName());
            link(directory.resolve(container.fileName()), container.log());
        }
        try (var found = Files.newDirectoryStream(directory, Files::isSymbolicLink)) {
            for (var link : found) {
                boolean isOurs = Files.readSymbolicLink(link).startsWith(ownLogs);
                if (isOurs && !wanted.contains(link.getFileName().toString())) {
                    Files.deleteIfExists(link);
                }
            }
        }
    }

    private static void link(Path link, Path target) throws IOException {
        try {
            if (!Files.isSymbolicLink(link)) {
                Files.createSymbolicLink(link, target);
            }
        } catch (FileAlreadyExistsException sameMoment) {
            // Somebody else made it: it is there.
        }
    }
}
