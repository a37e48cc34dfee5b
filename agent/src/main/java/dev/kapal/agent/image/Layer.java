package dev.kapal.agent.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// The files of one image layer, collected by path and written as a tar: sorted, without times, owned by root unless
/// said
/// otherwise. The same files give the same bytes. One thread.
public final class Layer {
    private static final int DIRECTORY_MODE = 0755;

    /// By absolute path without a trailing slash.
    private final NavigableMap<String, Entry> entries = new TreeMap<>();

    private sealed interface Entry {
        record Directory(int mode, int owner) implements Entry {}

        record Bytes(byte[] content, int mode) implements Entry {}

        record Host(Path source, int mode) implements Entry {}

        record Link(String target) implements Entry {}
    }

    public Layer directory(String path, int mode) {
        return directory(path, mode, 0);
    }

    /// A directory that belongs to user and group `owner`.
    public Layer directory(String path, int mode, int owner) {
        return put(path, new Entry.Directory(mode, owner));
    }

    public Layer file(String path, byte[] content, int mode) {
        return put(path, new Entry.Bytes(content.clone(), mode));
    }

    /// A copy of the file `source` of this machine, symbolic links followed, with its permissions.
    public Layer file(String path, Path source) throws IOException {
        return put(path, new Entry.Host(source.toRealPath(), mode(source)));
    }

    public Layer link(String path, String target) {
        return put(path, new Entry.Link(target));
    }

    /// Everything below the directory `source` of this machine, at `path`, links as links.
    public Layer tree(String path, Path source) throws IOException {
        try (var walk = Files.walk(source)) {
            walk.forEach(found -> add(path, source, found));
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        return this;
    }

    boolean contains(String path) {
        return entries.containsKey(path);
    }

    void writeTo(OutputStream out) throws IOException {
        try (var tar = new TarArchiveOutputStream(out, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (var each : entries.entrySet()) {
                write(tar, each);
            }
        }
    }

    private Layer put(String path, Entry entry) {
        if (!path.startsWith("/") || path.endsWith("/") || path.contains("/../")) {
            throw new IllegalArgumentException("not an absolute path of a file in an image: " + path);
        }
        int slash = path.lastIndexOf('/');
        if (slash > 0 && !entries.containsKey(path.substring(0, slash))) {
            put(path.substring(0, slash), new Entry.Directory(DIRECTORY_MODE, 0));
        }
        entries.put(path, entry);
        return this;
    }

    private void add(String path, Path source, Path found) {
        var relative = source.relativize(found).toString();
        var base = path.equals("/") ? "" : path;
        var target = relative.isEmpty() ? base : base + "/" + relative;
        if (target.isEmpty()) {
            return;
        }
        try {
            if (Files.isSymbolicLink(found)) {
                link(target, Files.readSymbolicLink(found).toString());
            } else if (Files.isDirectory(found)) {
                directory(target, mode(found));
            } else if (Files.isRegularFile(found)) {
                file(target, found);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int mode(Path path) throws IOException {
        int mode = 0;
        for (PosixFilePermission permission : Files.getPosixFilePermissions(path.toRealPath())) {
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }

    private static void write(TarArchiveOutputStream tar, Map.Entry<String, Entry> each) throws IOException {
        var name = each.getKey().substring(1);
        switch (each.getValue()) {
            case Entry.Directory(int mode, int owner) -> {
                var entry = new TarArchiveEntry(name + "/");
                entry.setIds(owner, owner);
                finish(tar, entry, mode);
            }
            case Entry.Bytes(byte[] content, int mode) -> {
                var entry = new TarArchiveEntry(name);
                entry.setSize(content.length);
                start(tar, entry, mode);
                tar.write(content);
                tar.closeArchiveEntry();
            }
            case Entry.Host(Path source, int mode) -> {
                var entry = new TarArchiveEntry(name);
                entry.setSize(Files.size(source));
                start(tar, entry, mode);
                try (InputStream in = Files.newInputStream(source, LinkOption.NOFOLLOW_LINKS)) {
                    in.transferTo(tar);
                }
                tar.closeArchiveEntry();
            }
            case Entry.Link(String target) -> {
                var entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
                entry.setLinkName(target);
                finish(tar, entry, 0777);
            }
        }
    }

    private static void start(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode) throws IOException {
        entry.setMode(mode);
        entry.setModTime(0);
        entry.setUserName("");
        entry.setGroupName("");
        tar.putArchiveEntry(entry);
    }

    private static void finish(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode) throws IOException {
        start(tar, entry, mode);
        tar.closeArchiveEntry();
    }
}
