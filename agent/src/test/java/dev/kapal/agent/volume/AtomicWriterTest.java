package dev.kapal.agent.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.testkit.FakeTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicWriterTest {
    @TempDir
    Path volume;

    private final FakeTime time = new FakeTime();
    private AtomicWriter writer;

    @BeforeEach
    void make() {
        writer = new AtomicWriter(volume, time, Optional.empty());
    }

    @Test
    void readersOpenFilesThroughOneLink() throws Exception {
        assertThat(writer.write(payload(Map.of("a", "1", "dir/b", "2")))).isTrue();
        assertThat(volume.resolve("a")).hasContent("1");
        assertThat(volume.resolve("dir/b")).hasContent("2");
        assertThat(Files.readSymbolicLink(volume.resolve("a"))).isEqualTo(Path.of("..data/a"));
        assertThat(Files.readSymbolicLink(volume.resolve("..data"))).isEqualTo(Path.of("..2025_01_01_00_00_00.0"));
        assertThat(Ownership.mode(volume.resolve("a").toRealPath())).isEqualTo(0644);
    }

    @Test
    void writesNothingWhenNothingChanged() throws Exception {
        writer.write(payload(Map.of("a", "1")));
        var before = volume.resolve("a").toRealPath();
        assertThat(writer.write(payload(Map.of("a", "1")))).isFalse();
        assertThat(volume.resolve("a").toRealPath()).isEqualTo(before);
    }

    @Test
    void aChangeReplacesAllFilesAtOnceAndLeavesNothingBehind() throws Exception {
        writer.write(payload(Map.of("a", "1", "old/x", "2")));
        writer.write(payload(Map.of("a", "9", "new", "3")));
        assertThat(volume.resolve("a")).hasContent("9");
        assertThat(volume.resolve("new")).hasContent("3");
        try (var files = Files.list(volume)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("a", "new", "..data", "..2025_01_01_00_00_00.1");
        }
    }

    @Test
    void anEmptyVolumeIsOneToo() throws Exception {
        assertThat(writer.write(new Payload(Map.of()))).isTrue();
        assertThat(AtomicWriter.wasWritten(volume)).isTrue();
        assertThat(writer.write(new Payload(Map.of()))).isFalse();
    }

    @Test
    void refusesPathsThatLeaveTheVolume() {
        for (var path : new String[] {"../x", "/x", "a/../../x", "..data"}) {
            assertThatThrownBy(() -> writer.write(payload(Map.of(path, "1"))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void modesAreKeptToTheLetter() throws IOException {
        writer.write(new Payload(Map.of("key", new Payload.File(new byte[0], 0400, OptionalInt.empty()))));
        assertThat(Ownership.mode(volume.resolve("key").toRealPath())).isEqualTo(0400);
    }

    private static Payload payload(Map<String, String> files) {
        var made = new TreeMap<String, Payload.File>();
        files.forEach((path, text) ->
                made.put(path, new Payload.File(text.getBytes(StandardCharsets.UTF_8), 0644, OptionalInt.empty())));
        return new Payload(made);
    }
}
