package dev.kapal.agent.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Writes one image as an OCI image-layout archive, which containerd, Docker and Podman import. The same input gives
/// the
/// same bytes and so the same digests. One thread.
///
/// Layers are not compressed: the archive travels a few directories, not a network.
///
/// Source: OCI image-spec 1.0, image-layout, manifest, config.
public final class ImageBuilder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
    private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";
    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

    private final String reference;
    private final List<Layer> layers = new ArrayList<>();
    private final ObjectNode config = JsonNodeFactory.instance.objectNode();
    private Architecture architecture = Architecture.current();

    private ImageBuilder(String reference) {
        this.reference = reference;
    }

    /// `reference` is the full name, as in `kapal.local/busybox:1`.
    public static ImageBuilder named(String reference) {
        if (!reference.contains("/") || reference.lastIndexOf(':') < reference.lastIndexOf('/')) {
            throw new IllegalArgumentException("an image needs host, name and tag, as kapal.local/web:1: " + reference);
        }
        return new ImageBuilder(reference);
    }

    public ImageBuilder architecture(Architecture value) {
        architecture = value;
        return this;
    }

    public ImageBuilder layer(Layer layer) {
        layers.add(layer);
        return this;
    }

    public ImageBuilder entrypoint(String... words) {
        return words("Entrypoint", words);
    }

    public ImageBuilder command(String... words) {
        return words("Cmd", words);
    }

    public ImageBuilder environment(String name, String value) {
        config.withArray("Env").add(name + "=" + value);
        return this;
    }

    public ImageBuilder workingDirectory(String path) {
        config.put("WorkingDir", path);
        return this;
    }

    /// A name of the image's /etc/passwd, or `uid` or `uid:gid`.
    public ImageBuilder user(String user) {
        config.put("User", user);
        return this;
    }

    /// The signal that asks the process to end, when it is not TERM.
    public ImageBuilder stopSignal(String signal) {
        config.put("StopSignal", signal);
        return this;
    }

    /// Writes the archive beside `file` and moves it there, so that `file` is never half an image.
    public void writeTo(Path file) throws IOException {
        var directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        var scratch = Files.createTempDirectory(directory, ".image");
        try {
            var draft = scratch.resolve("archive");
            write(draft, scratch);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Directories.delete(scratch);
        }
    }

    private void write(Path archive, Path scratch) throws IOException {
        var blobs = new ArrayList<Blob>();
        for (var layer : layers) {
            blobs.add(Blob.of(scratch.resolve("layer-" + blobs.size()), layer));
        }
        var configBytes = JSON.writeValueAsBytes(imageConfig(blobs));
        var manifest = JSON.writeValueAsBytes(manifest(configBytes, blobs));
        try (var out = new BufferedOutputStream(Files.newOutputStream(archive));
                var tar = new TarArchiveOutputStream(out, "UTF-8")) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            add(tar, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
            add(tar, "index.json", JSON.writeValueAsBytes(index(manifest)));
            add(tar, "blobs/sha256/" + hex(manifest), manifest);
            add(tar, "blobs/sha256/" + hex(configBytes), configBytes);
            for (var blob : blobs) {
                begin(tar, "blobs/sha256/" + blob.hex(), blob.size());
                try (InputStream in = Files.newInputStream(blob.file())) {
                    in.transferTo(tar);
                }
                tar.closeArchiveEntry();
            }
        }
    }

    private ObjectNode imageConfig(List<Blob> blobs) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("created", "1970-01-01T00:00:00Z");
        node.put("architecture", architecture.go());
        node.put("os", "linux");
        node.set("config", config);
        var rootfs = node.putObject("rootfs").put("type", "layers");
        var ids = rootfs.putArray("diff_ids");
        blobs.forEach(blob -> ids.add("sha256:" + blob.hex()));
        return node;
    }

    private ObjectNode manifest(byte[] configBytes, List<Blob> blobs) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("schemaVersion", 2).put("mediaType", MANIFEST_TYPE);
        node.set("config", descriptor(CONFIG_TYPE, hex(configBytes), configBytes.length));
        var list = node.putArray("layers");
        blobs.forEach(blob -> list.add(descriptor(LAYER_TYPE, blob.hex(), blob.size())));
        return node;
    }

    private ObjectNode index(byte[] manifest) {
        var node = JsonNodeFactory.instance.objectNode().put("schemaVersion", 2);
        var entry = descriptor(MANIFEST_TYPE, hex(manifest), manifest.length);
        // The first names the image for containerd, the second is what other tools read.
        entry.putObject("annotations")
                .put("io.containerd.image.name", reference)
                .put("org.opencontainers.image.ref.name", reference);
        entry.putObject("platform").put("architecture", architecture.go()).put("os", "linux");
        node.putArray("manifests").add(entry);
        return node;
    }

    private static ObjectNode descriptor(String type, String hex, long size) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("mediaType", type)
                .put("digest", "sha256:" + hex)
                .put("size", size);
    }

    private ImageBuilder words(String key, String... words) {
        var array = config.putArray(key);
        List.of(words).forEach(array::add);
        return this;
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        begin(tar, name, content.length);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void begin(TarArchiveOutputStream tar, String name, long size) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
    }

    private static String hex(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /// A layer on disk with its digest.
    private record Blob(Path file, String hex, long size) {
        static Blob of(Path file, Layer layer) throws IOException {
            var digest = sha256();
            try (OutputStream out =
                    new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), digest)) {
                layer.writeTo(out);
            }
            return new Blob(file, HexFormat.of().formatHex(digest.digest()), Files.size(file));
        }
    }
}
