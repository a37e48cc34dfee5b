package dev.kapal.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.model.codec.Documents;
import dev.kapal.testkit.FakeTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuditSinksTest {
    private final Metrics metrics = new Metrics();

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("audit.log");
    }

    private AuditSink open(AuditLogConfig config, Life life) throws IOException {
        return AuditSinks.open(Optional.of(config), Optional.empty(), metrics, new FakeTime(), life);
    }

    private AuditLogConfig config() {
        return AuditLogConfig.in(file());
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(
            value = AuditMode.class,
            names = {"BLOCKING", "BLOCKING_STRICT"})
    void anEventIsInTheFileWhenABlockedRequestGoesOn(AuditMode mode) throws Exception {
        try (var life = new Life("test")) {
            var sink = open(config().with(mode), life);
            assertThat(sink.write(line("{\"auditID\":\"1\"}"))).isTrue();
            assertThat(Files.readAllLines(file())).containsExactly("{\"auditID\":\"1\"}");
        }
    }

    @Test
    void batchesKeepTheirOrder() throws Exception {
        var expected = new ArrayList<String>();
        try (var life = new Life("test")) {
            var sink = open(config().with(AuditMode.BATCH), life);
            for (int i = 0; i < 1_000; i++) {
                expected.add("{\"auditID\":\"" + i + "\"}");
                assertThat(sink.write(line(expected.getLast()))).isTrue();
            }
        }
        assertThat(Files.readAllLines(file())).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(
            value = AuditMode.class,
            names = {"BLOCKING", "BLOCKING_STRICT"})
    void onlyAStrictLogRefusesRequestsItCannotKeep(AuditMode mode) {
        var full = new PromptLog(new FullDisk(), metrics);
        boolean goesOn = full.blocking(mode == AuditMode.BLOCKING_STRICT).write(line("{}"));
        assertThat(goesOn).isEqualTo(mode == AuditMode.BLOCKING);
        assertThat(metrics.exposition()).contains("apiserver_audit_error_total{plugin=\"log\"} 1");
    }

    private static final class FullDisk implements AuditLog.Destination {
        @Override
        public void write(List<byte[]> lines) throws IOException {
            throw new IOException("no space left on device");
        }

        @Override
        public void close() {}
    }

    @Test
    void eventsThatAreTooLargeLoseTheirObjectsAndThenThemselves() throws Exception {
        var config = config().with(AuditMode.BLOCKING).with(new AuditTruncation(300));
        try (var life = new Life("test")) {
            var sink = open(config, life);
            sink.write(line("{\"level\":\"Request\",\"auditID\":\"small\",\"requestObject\":{}}"));
            sink.write(line("{\"level\":\"RequestResponse\",\"auditID\":\"large\",\"requestObject\":{\"a\":\""
                    + "x".repeat(300) + "\"},\"responseObject\":{},\"annotations\":{\"a\":\"b\"}}"));
            sink.write(line("{\"level\":\"Request\",\"auditID\":\"" + "y".repeat(300) + "\"}"));
            sink.write(line("{\"level\":\"Metadata\",\"auditID\":\"z\",\"requestURI\":\"" + "z".repeat(300) + "\"}"));
        }
        var events = Files.readAllLines(file());
        assertThat(events).hasSize(2);
        assertThat(events.getFirst()).contains("requestObject");
        assertThat(Documents.read(events.getLast().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Documents.read("""
                        {"level":"RequestResponse","auditID":"large",
                         "annotations":{"a":"b","audit.k8s.io/truncated":"true"}}
                        """.getBytes(StandardCharsets.UTF_8)));
        assertThat(metrics.exposition()).contains("apiserver_audit_error_total{plugin=\"truncate\"} 2");
    }
}
