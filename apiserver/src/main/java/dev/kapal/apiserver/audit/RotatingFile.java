package dev.kapal.apiserver.audit;

import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/// A file that is put aside when it is large: `audit.log` becomes `audit-2025-01-31T23-59-59.000.log`, the names that
/// upstream gives. Only its owner can read it. The audit log's writer only.
final class RotatingFile implements AuditLog.Destination {
    private static final Log log = Log.of(RotatingFile.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final String GZ = ".gz";

    private final AuditLogConfig.LogFile config;
    private final Time time;
    private final long limit;
    /// Not a channel: those close themselves when their thread is interrupted, and it is, at the end.
    private FileOutputStream file;
    private long size;

    private RotatingFile(AuditLogConfig.LogFile config, Time time) {
        this.config = config;
        this.time = time;
        this.limit = config.sizeLimit();
    }

    static RotatingFile open(AuditLogConfig.LogFile config, Time time) throws IOException {
        var rotating = new RotatingFile(config, time);
        var directory = config.path().toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        rotating.openFile();
        return rotating;
    }

    private void openFile() throws IOException {
        if (!Files.exists(config.path())) {
            Files.createFile(config.path(), PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        }
        size = Files.size(config.path());
        file = new FileOutputStream(config.path().toFile(), true);
    }

    @Override
    public void write(List<byte[]> lines) throws IOException {
        var piece = new ArrayList<byte[]>(lines.size());
        long length = 0;
        for (var line : lines) {
            if (size + length > 0 && size + length + line.length > limit) {
                put(piece, length);
                piece.clear();
                length = 0;
                rotate();
            }
            piece.add(line);
            length += line.length;
        }
        put(piece, length);
    }

    private void put(List<byte[]> lines, long length) throws IOException {
        var buffer = ByteBuffer.allocate((int) length);
        lines.forEach(buffer::put);
        file.write(buffer.array());
        size += length;
    }

    private void rotate() throws IOException {
        file.close();
        var old = aside(time.instant());
        Files.move(config.path(), old);
        openFile();
        try {
            if (config.compress()) {
                compress(old);
            }
            prune();
        } catch (IOException kept) {
            log.warn("old audit logs could not be compressed or removed", "why", kept.getMessage());
        }
    }

    /// The file stands under its new name only when it is whole.
    private static void compress(Path path) throws IOException {
        var unfinished = path.resolveSibling(path.getFileName() + ".tmp");
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (var in = Files.newInputStream(path);
                var out = new GZIPOutputStream(Files.newOutputStream(unfinished))) {
            in.transferTo(out);
        }
        Files.move(unfinished, path.resolveSibling(path.getFileName() + GZ));
        Files.delete(path);
    }

    /// A name that is free: two rotations may fall into one millisecond.
    private Path aside(Instant when) {
        for (var stamp = when; ; stamp = stamp.plusMillis(1)) {
            var path = config.path().resolveSibling(prefix() + STAMP.format(stamp) + suffix());
            if (!Files.exists(path) && !Files.exists(path.resolveSibling(path.getFileName() + GZ))) {
                return path;
            }
        }
    }

    private void prune() throws IOException {
        record Old(Path path, Instant when) {}
        var old = new ArrayList<Old>();
        try (var files = Files.list(config.path().toAbsolutePath().getParent())) {
            files.forEach(path -> stamp(path).ifPresent(when -> old.add(new Old(path, when))));
        }
        old.sort(Comparator.comparing(Old::when).reversed());
        var oldest = time.instant().minus(Duration.ofDays(config.maxAgeDays()));
        for (int i = 0; i < old.size(); i++) {
            boolean tooMany = config.maxBackups() > 0 && i >= config.maxBackups();
            boolean tooOld = config.maxAgeDays() > 0 && old.get(i).when().isBefore(oldest);
            if (tooMany || tooOld) {
                Files.deleteIfExists(old.get(i).path());
            }
        }
    }

    private Optional<Instant> stamp(Path path) {
        var whole = path.getFileName().toString();
        var name = whole.endsWith(suffix() + GZ) ? whole.substring(0, whole.length() - GZ.length()) : whole;
        if (!name.startsWith(prefix()) || !name.endsWith(suffix())) {
            return Optional.empty();
        }
        try {
            var middle = name.substring(prefix().length(), name.length() - suffix().length());
            return Optional.of(LocalDateTime.parse(middle, STAMP).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }

    private String prefix() {
        var name = config.path().getFileName().toString();
        return name.substring(0, name.length() - suffix().length()) + "-";
    }

    private String suffix() {
        var name = config.path().getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot);
    }

    @Override
    public void close() throws IOException {
        file.getFD().sync();
        file.close();
    }
}
