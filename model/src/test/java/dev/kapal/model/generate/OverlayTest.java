package dev.kapal.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayTest {
    @TempDir
    private Path directory;

    @Test
    void readsFactsByTypeAndField() throws IOException {
        var overlay = overlay("# facts\n[a.B]\nlist  map=x,y patch=merge/x\n* atomic\n");
        var list = overlay.of("a.B", "list");
        assertThat(list.list("map")).isEqualTo(List.of("x", "y"));
        assertThat(list.value("patch")).isEqualTo("merge/x");
        assertThat(overlay.of("a.B", "*").is("atomic")).isTrue();
        assertThat(overlay.of("a.B", "other")).isSameAs(Overlay.Facts.NONE);
        overlay.requireAllUsed();
    }

    @Test
    void stopsTheBuildWhenItSpeaksOfWhatDoesNotExist() throws IOException {
        var overlay = overlay("[a.B]\nmissing atomic\n");
        assertThatThrownBy(overlay::requireAllUsed).hasMessageContaining("a.B/missing");
    }

    @Test
    void stopsTheBuildWhenItSpeaksTwice() {
        assertThatThrownBy(() -> overlay("[a.B]\nx atomic\n[a.B]\nx set\n")).hasMessageContaining("a.B/x");
    }

    @Test
    void resourcesBorrowDescriptions() {
        assertThat(ResourceText.expand("col 0 A|string||@io.k8s.B.c\n", Map.of("io.k8s.B.c", "What $c is.\nTwo")))
                .isEqualTo("col 0 A|string||What $c is. Two\n");
        assertThatThrownBy(() -> ResourceText.expand("@io.k8s.B.d", Map.of())).hasMessageContaining("io.k8s.B.d");
    }

    private Overlay overlay(String text) throws IOException {
        return new Overlay(Files.writeString(directory.resolve("overlay.txt"), text));
    }
}
