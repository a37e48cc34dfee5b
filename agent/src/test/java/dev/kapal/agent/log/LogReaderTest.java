package dev.kapal.agent.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.testkit.FakeTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogReaderTest {
    private static final Set<LogStream> BOTH = EnumSet.allOf(LogStream.class);

    @TempDir
    Path directory;

    private Path file;
    private final FakeTime time = new FakeTime();

    /// Four lines of the container: "one", a line in two parts, an error, and an unfinished one.
    @BeforeEach
    void writeLog() throws IOException {
        file = directory.resolve("0.log");
        append("2025-01-01T10:00:00.1Z stdout F one\n");
        append("2025-01-01T10:00:01Z stdout P two ");
        append("parts\n2025-01-01T10:00:01.5Z stdout F joined\n");
        append("2025-01-01T12:00:02+02:00 stderr F wrong\n");
        append("not a log line\n");
        append("2025-01-01T10:00:03Z stdout F unfini");
    }

    record Case(String name, LogQuery query, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        var none = OptionalLong.empty();
        Optional<Instant> ever = Optional.empty();
        var later = Optional.of(Instant.parse("2025-01-01T10:00:01.5Z"));
        return Stream.of(
                new Case("all", LogQuery.all(), "one\ntwo partsjoined\nwrong\nunfini"),
                new Case(
                        "the last lines of the file",
                        new LogQuery(OptionalLong.of(2), none, ever, false, false, BOTH),
                        "wrong\nunfini"),
                new Case(
                        "more lines than there are",
                        new LogQuery(OptionalLong.of(99), none, ever, false, false, BOTH),
                        "one\ntwo partsjoined\nwrong\nunfini"),
                new Case("since a time", new LogQuery(none, none, later, false, false, BOTH), "joined\nwrong\nunfini"),
                new Case(
                        "a limit in the middle of a line",
                        new LogQuery(none, OptionalLong.of(6), ever, false, false, BOTH),
                        "one\ntw"),
                new Case(
                        "one stream",
                        new LogQuery(none, none, ever, false, false, EnumSet.of(LogStream.STDERR)),
                        "wrong\n"),
                new Case(
                        "times with nine digits, once a line", new LogQuery(none, none, ever, false, true, BOTH), """
                        2025-01-01T10:00:00.100000000Z one
                        2025-01-01T10:00:01.000000000Z two partsjoined
                        2025-01-01T12:00:02.000000000+02:00 wrong
                        2025-01-01T10:00:03.000000000Z unfini"""));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aQueryGetsItsPart(Case each) throws Exception {
        assertThat(read(each.query())).isEqualTo(each.expected());
    }

    @Test
    void theLastLinesOfALargeFileAreFound() throws Exception {
        file = directory.resolve("large.log");
        var text = new StringBuilder();
        IntStream.range(0, 20_000)
                .forEach(i -> text.append("2025-01-01T10:00:00Z stdout F line ")
                        .append(i)
                        .append('\n'));
        append(text.toString());

        var last =
                read(new LogQuery(OptionalLong.of(5_000), OptionalLong.empty(), Optional.empty(), false, false, BOTH));

        assertThat(last.lines()).hasSize(5_000).startsWith("line 15000").endsWith("line 19999");
    }

    @Test
    @Timeout(30)
    void followingSeesNewLinesAndTheRotatedFileAndEndsWithTheContainer() throws Exception {
        var running = new AtomicBoolean(true);
        var seen = new Seen();
        var follower = Thread.ofVirtual().start(() -> {
            try {
                var query = new LogQuery(OptionalLong.of(0), OptionalLong.empty(), Optional.empty(), true, false, BOTH);
                new LogReader(query, seen, time).read(file, running::get);
            } catch (IOException | InterruptedException failure) {
                seen.lines.add(failure.toString());
            }
        });
        time.awaitSleepers(1);
        append("shed\n2025-01-01T10:00:04Z stdout F appended\n");
        awaitSeen(seen, "appended\n");

        Files.move(file, directory.resolve("0.log.20250101-100004"));
        append("2025-01-01T10:00:05Z stdout F rotated\n");
        awaitSeen(seen, "rotated\n");

        append("2025-01-01T10:00:06Z stdout F last words\n");
        running.set(false);
        awaitSeen(seen, "last words\n");
        while (follower.isAlive()) {
            time.advance(Duration.ofMillis(50));
            follower.join(Duration.ofMillis(1));
        }
        assertThat(seen.lines).endsWith("appended\n", "rotated\n", "last words\n");
    }

    private void awaitSeen(Seen seen, String line) throws InterruptedException {
        while (!seen.lines.contains(line)) {
            time.awaitSleepers(1);
            time.advance(Duration.ofMillis(50));
        }
    }

    private String read(LogQuery query) throws IOException, InterruptedException {
        var out = new ByteArrayOutputStream();
        new LogReader(query, out, time).read(file, () -> false);
        return out.toString(UTF_8);
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static final class Seen extends ByteArrayOutputStream {
        private final CopyOnWriteArrayList<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            lines.add(new String(bytes, from, length, UTF_8));
        }
    }
}
