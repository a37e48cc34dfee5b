package dev.kapal.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.audit.AuditLogConfig.LogFile;
import dev.kapal.base.metric.Metrics;
import dev.kapal.testkit.FakeTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    private Path directory;

    private static byte[] line(int number, int length) {
        return ("%06d".formatted(number) + "x".repeat(length - 7) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void keepsEveryLineInOrderUntilItIsClosed() throws IOException {
        var file = directory.resolve("audit.log");
        try (var log = AuditLog.open(new LogFile(file, 0, 0, 100, false), new Metrics(), new FakeTime())) {
            for (int i = 0; i < 50_000; i++) {
                log.write(line(i, 40));
            }
        }
        var lines = Files.readAllLines(file);
        assertThat(lines).hasSize(50_000);
        assertThat(lines).isSorted();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void makesWritersWaitWhileNothingCanBeWritten() throws Exception {
        var open = new CountDownLatch(1);
        var written = new ArrayList<byte[]>();
        var slow = new AuditLog.Destination() {
            @Override
            public void write(List<byte[]> lines) {
                try {
                    open.await();
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
                written.addAll(lines);
            }

            @Override
            public void close() {}
        };
        var log = new AuditLog(slow, new Metrics());
        int half = AuditLog.ROOM / 2 + 1;
        var filled = new CountDownLatch(3);
        var writer = Thread.startVirtualThread(() -> {
            for (int i = 0; i < 6; i++) {
                log.write(line(i, half));
                filled.countDown();
            }
        });
        while (writer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(filled.getCount()).isPositive();
        open.countDown();
        writer.join();
        log.close();
        assertThat(written).hasSize(6);
    }

    @Test
    void putsLargeFilesAsideAndKeepsTheNewest() throws IOException {
        var file = directory.resolve("audit.log");
        var time = new FakeTime();
        try (var rotating = RotatingFile.open(new LogFile(file, 0, 2, 1, false), time)) {
            for (int i = 0; i < 5; i++) {
                rotating.write(List.of(line(i, 700_000)));
                time.advance(Duration.ofSeconds(1));
            }
        }
        assertThat(files())
                .containsExactly("audit-2025-01-01T00-00-03.000.log", "audit-2025-01-01T00-00-04.000.log", "audit.log");
    }

    @Test
    void removesWhatIsTooOldAndNothingElse() throws IOException {
        var file = directory.resolve("audit.log");
        Files.writeString(directory.resolve("audit-of-mine.log"), "");
        Files.writeString(directory.resolve("audit-2024-12-01T00-00-00.000.log"), "");
        try (var rotating = RotatingFile.open(new LogFile(file, 7, 0, 1, false), new FakeTime())) {
            rotating.write(List.of(line(1, 700_000), line(2, 700_000)));
        }
        assertThat(files()).containsExactly("audit-2025-01-01T00-00-00.000.log", "audit-of-mine.log", "audit.log");
    }

    @Test
    void compressesWhatItPutsAside() throws IOException {
        var file = directory.resolve("audit.log");
        var time = new FakeTime();
        try (var rotating = RotatingFile.open(new LogFile(file, 0, 2, 1, true), time)) {
            for (int i = 0; i < 5; i++) {
                rotating.write(List.of(line(i, 700_000)));
                time.advance(Duration.ofSeconds(1));
            }
        }
        assertThat(files())
                .containsExactly(
                        "audit-2025-01-01T00-00-03.000.log.gz", "audit-2025-01-01T00-00-04.000.log.gz", "audit.log");
        try (var old =
                new GZIPInputStream(Files.newInputStream(directory.resolve("audit-2025-01-01T00-00-04.000.log.gz")))) {
            assertThat(old.readAllBytes()).isEqualTo(line(3, 700_000));
        }
    }

    @Test
    void theOldFormIsALineOfText() {
        var event = """
                {"level":"Metadata","auditID":"my-id","stage":"ResponseComplete","requestURI":"/api/v1/pods?a=\\"","verb":"list",\
                "user":{"username":"ada","groups":["dev","ops"]},"sourceIPs":["10.0.0.1"],"userAgent":"test/1",\
                "objectRef":{"resource":"pods"},"responseStatus":{"code":200},"requestReceivedTimestamp":"2025-01-01T00:00:00.000000Z"}
                """;
        assertThat(new String(LegacyLines.of(event.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8))
                .isEqualTo("2025-01-01T00:00:00.000000Z AUDIT: id=\"my-id\" stage=\"ResponseComplete\" ip=\"10.0.0.1\""
                        + " method=\"list\" user=\"ada\" groups=\"dev\",\"ops\" as=\"<self>\" asgroups=<lookup>"
                        + " user-agent=\"test/1\" namespace=\"<none>\" uri=\"/api/v1/pods?a=\\\"\" response=\"200\"\n");
    }
}
