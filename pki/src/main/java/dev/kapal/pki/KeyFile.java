package dev.kapal.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;

/// Who may read a key. Stateless.
public final class KeyFile {
    private static final EnumSet<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private KeyFile() {}

    /// Whether somebody besides the owner may open the file.
    public static boolean isOpenToOthers(Path file) throws IOException {
        return !OWNER.containsAll(Files.getPosixFilePermissions(file));
    }

    /// Refuses a key that others could have read, for keys that cannot be replaced without the cluster's people.
    static void check(Path file) throws IOException {
        if (isOpenToOthers(file)) {
            throw new PkiException(
                    "others may read the key %s (%s), and nobody can tell who has; if all who could are trusted, run: chmod 600 %s"
                            .formatted(file, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file));
        }
    }
}
