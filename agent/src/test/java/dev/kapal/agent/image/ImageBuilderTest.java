package dev.kapal.agent.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBuilderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void theSameInputGivesTheSameBytes() throws Exception {
        web().writeTo(directory.resolve("one"));
        web().writeTo(directory.resolve("two"));

        assertThat(directory.resolve("one")).hasSameBinaryContentAs(directory.resolve("two"));
        try (var left = Files.list(directory)) {
            assertThat(left).as("no scratch file stays").hasSize(2);
        }
    }

    @Test
    void everyBlobIsNamedByItsDigest() throws Exception {
        web().writeTo(directory.resolve("web.tar"));

        var files = read(Files.readAllBytes(directory.resolve("web.tar")));
        for (var file : files.entrySet()) {
            if (file.getKey().startsWith("blobs/")) {
                var digest = MessageDigest.getInstance("SHA-256").digest(file.getValue());
                assertThat(file.getKey())
                        .isEqualTo("blobs/sha256/" + HexFormat.of().formatHex(digest));
            }
        }
        assertThat(files).containsKeys("oci-layout", "index.json").hasSize(5);
    }

    @Test
    void theIndexLeadsToTheNameTheConfigurationAndTheLayer() throws Exception {
        web().writeTo(directory.resolve("web.tar"));
        var files = read(Files.readAllBytes(directory.resolve("web.tar")));

        var entry = JSON.readTree(files.get("index.json")).at("/manifests/0");
        assertThat(entry.at("/annotations/io.containerd.image.name").textValue())
                .isEqualTo("kapal.local/web:1");
        var manifest = blob(files, entry);
        var config = blob(files, manifest.at("/config"));
        assertThat(config.at("/config").toString())
                .isEqualTo(
                        "{\"Entrypoint\":[\"/web\"],\"Env\":[\"PORT=80\"],\"WorkingDir\":\"/srv\",\"User\":\"1000\"}");
        assertThat(config.at("/rootfs/diff_ids/0")).isEqualTo(manifest.at("/layers/0/digest"));
        assertThat(read(files.get(path(manifest.at("/layers/0")))).keySet())
                .containsExactly("srv/", "srv/index.html", "web", "www");
    }

    @Test
    void aNameWithoutHostOrTagIsRefused() {
        assertThatThrownBy(() -> ImageBuilder.named("web")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ImageBuilder.named("kapal.local:80/web")).isInstanceOf(IllegalArgumentException.class);
    }

    private static ImageBuilder web() {
        var layer = new Layer()
                .file("/web", "#!/bin/sh".getBytes(UTF_8), 0755)
                .file("/srv/index.html", "hello".getBytes(UTF_8), 0644)
                .link("/www", "srv");
        return ImageBuilder.named("kapal.local/web:1")
                .layer(layer)
                .entrypoint("/web")
                .environment("PORT", "80")
                .workingDirectory("/srv")
                .user("1000");
    }

    private static JsonNode blob(Map<String, byte[]> files, JsonNode descriptor) throws IOException {
        return JSON.readTree(files.get(path(descriptor)));
    }

    private static String path(JsonNode descriptor) {
        return "blobs/" + descriptor.get("digest").textValue().replace(':', '/');
    }

    private static Map<String, byte[]> read(byte[] tar) throws IOException {
        var files = new TreeMap<String, byte[]>();
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), in.readAllBytes());
            }
        }
        return files;
    }
}
