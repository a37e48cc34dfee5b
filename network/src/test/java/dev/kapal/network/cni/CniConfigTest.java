package dev.kapal.network.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kapal.network.Cidr;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CniConfigTest {
    @TempDir
    Path directory;

    @Test
    void writesWhatTheRuntimeReads() throws Exception {
        config("10.244.1.0/24").write(directory);
        var list = new ObjectMapper()
                .readTree(directory.resolve("10-kapal.conflist").toFile());
        var bridge = list.at("/plugins/0");
        assertThat(list.at("/name").asText()).isEqualTo("kapal");
        assertThat(bridge.at("/type").asText()).isEqualTo("bridge");
        assertThat(bridge.at("/hairpinMode").asBoolean()).isTrue();
        assertThat(bridge.at("/ipam/ranges/0/0/subnet").asText()).isEqualTo("10.244.1.0/24");
        assertThat(bridge.at("/ipam/dataDir").asText()).isEqualTo("/d/networks");
    }

    @Test
    void leavesAFileThatIsRightAlone() throws Exception {
        config("10.244.1.0/24").write(directory);
        var file = directory.resolve("10-kapal.conflist");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
        config("10.244.1.0/24").write(directory);
        assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1000);
        config("10.244.2.0/24").write(directory);
        assertThat(file).content().contains("10.244.2.0/24");
        assertThat(directory.toFile().list()).containsExactly("10-kapal.conflist");
    }

    private static CniConfig config(String podCidr) {
        return new CniConfig("kapal0", Cidr.parse(podCidr), 1500, Path.of("/d/networks"));
    }
}
