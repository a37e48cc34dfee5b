package dev.kapal.agent.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Makes small root file systems from Debian packages: the packages' own files and the shared libraries they need, and
/// nothing of the packages they depend on besides.
public final class DebianRootfs {
    /// What a container never reads.
    private static final List<String> LEFT_OUT = List.of(
            "/usr/share/doc/",
            "/usr/share/man/",
            "/usr/share/info/",
            "/usr/share/lintian/",
            "/usr/share/locale/",
            "/usr/share/bash-completion/",
            "/usr/lib/systemd/",
            "/etc/init.d/",
            "/etc/logrotate.d/");

    private DebianRootfs() {}

    /// The layer of `packages`, on the skeleton of a root file system. Packages that are not installed here are
    /// downloaded into `cache`.
    ///
    /// @throws IOException when a package or a library cannot be had; the message names it
    public static Layer layer(List<String> packages, Path cache) throws IOException, InterruptedException {
        var architecture = Architecture.current();
        var debian = new DebianPackages(cache);
        var files = debian.files(packages);
        files.keySet().removeIf(path -> LEFT_OUT.stream().anyMatch(path::startsWith));
        if (!addLinkTargets(files, debian)) {
            debian.fetchDependencies(packages);
            addLinkTargets(files, debian);
        }
        var libraries = libraries(files, debian, architecture);
        if (!libraries.missing().isEmpty()) {
            debian.fetchDependencies(packages);
            libraries = libraries(files, debian, architecture);
        }
        if (!libraries.missing().isEmpty()) {
            throw new IOException("no package has the libraries " + String.join(", ", libraries.missing()) + ", which "
                    + String.join(", ", packages) + " need");
        }
        var layer = skeleton();
        for (var library : libraries.found().entrySet()) {
            layer.file(library.getKey(), library.getValue());
        }
        for (var file : files.entrySet()) {
            if (Files.isSymbolicLink(file.getValue())) {
                layer.link(
                        file.getKey(), Files.readSymbolicLink(file.getValue()).toString());
            } else {
                layer.file(file.getKey(), file.getValue());
            }
        }
        return layer;
    }

    /// A package may link to a program of one that it depends on: what such links lead to is added. False when some
    /// lead
    /// nowhere yet.
    private static boolean addLinkTargets(Map<String, Path> files, DebianPackages debian) throws IOException {
        boolean all = true;
        for (var link : List.copyOf(files.entrySet())) {
            if (!Files.isSymbolicLink(link.getValue()) || !link.getKey().startsWith("/usr/")) {
                continue;
            }
            var target = Path.of(link.getKey())
                    .resolveSibling(Files.readSymbolicLink(link.getValue()))
                    .normalize()
                    .toString();
            if (!files.containsKey(target)) {
                var found = debian.find(target);
                found.ifPresent(file -> files.put(target, file));
                all &= found.isPresent();
            }
        }
        return all;
    }

    /// Directories, links and the user database that programs expect of any system.
    static Layer skeleton() {
        var layer = new Layer()
                .directory("/usr/bin", 0755)
                .directory("/usr/sbin", 0755)
                .directory("/usr/lib", 0755)
                .directory("/usr/lib64", 0755)
                .link("/bin", "usr/bin")
                .link("/sbin", "usr/sbin")
                .link("/lib", "usr/lib")
                .link("/lib64", "usr/lib64")
                .directory("/tmp", 01777)
                .directory("/var/tmp", 01777)
                .directory("/run", 0755)
                .directory("/root", 0700)
                .link("/var/run", "/run");
        layer.file("/etc/passwd", text("""
                root:x:0:0:root:/root:/bin/sh
                nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
                """), 0644);
        layer.file("/etc/group", text("""
                root:x:0:
                nogroup:x:65534:
                """), 0644);
        layer.file("/etc/nsswitch.conf", text("""
                passwd: files
                group: files
                hosts: files dns
                """), 0644);
        return layer;
    }

    private static SharedLibraries libraries(Map<String, Path> files, DebianPackages debian, Architecture architecture)
            throws IOException, InterruptedException {
        return SharedLibraries.neededBy(files.values(), debian.libraryDirectories(architecture), architecture);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
