package dev.kapal.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.apiserver.audit.AuditLogConfig;
import dev.kapal.apiserver.audit.AuditWebhookConfig;
import dev.kapal.apiserver.audit.AuditWebhookConfig.Batching;
import dev.kapal.apiserver.audit.AuditWebhookConfig.Mode;
import dev.kapal.apiserver.audit.AuditWebhookConfig.Throttle;
import dev.kapal.cli.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ProtectionOptionsTest {
    private static final Path USUAL = Path.of("/d/log/audit.log");

    private static ProtectionOptions parsed(String... arguments) {
        return CommandLine.populateCommand(new ProtectionOptions(), arguments);
    }

    @Test
    void protectsByDefault() {
        var protection = parsed().protection(USUAL);
        assertThat(protection.priorityAndFairness()).isTrue();
        assertThat(protection.maxInFlight()).isEqualTo(400);
        assertThat(protection.maxMutatingInFlight()).isEqualTo(200);
        assertThat(protection.requestTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(protection.shutdownDelay()).isZero();
        assertThat(protection.audit().orElseThrow().log()).contains(new AuditLogConfig(USUAL, 0, 3, 100));
        assertThat(protection.audit().orElseThrow().webhook()).isEmpty();
    }

    @Test
    void takesEveryOption() {
        var protection = parsed(
                        "--enable-priority-and-fairness=false",
                        "--max-requests-inflight=7",
                        "--max-mutating-requests-inflight=3",
                        "--request-timeout=1m30s",
                        "--shutdown-delay-duration=5s",
                        "--audit-log-path=/tmp/a.log",
                        "--audit-log-maxage=1",
                        "--audit-log-maxbackup=2",
                        "--audit-log-maxsize=3",
                        "--audit-log-format=legacy")
                .protection(USUAL);
        assertThat(protection.priorityAndFairness()).isFalse();
        assertThat(protection.maxInFlight()).isEqualTo(7);
        assertThat(protection.maxMutatingInFlight()).isEqualTo(3);
        assertThat(protection.requestTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(protection.shutdownDelay()).isEqualTo(Duration.ofSeconds(5));
        assertThat(protection.audit().orElseThrow().log())
                .contains(new AuditLogConfig(Path.of("/tmp/a.log"), 1, 2, 3, AuditLogConfig.Format.LEGACY));
        assertThat(parsed("--audit-log-path=none").protection(USUAL).audit()).isEmpty();
    }

    @Test
    void sendsEventsToAnotherServerWhenToldWhom() {
        var usual = parsed("--audit-webhook-config-file=/tmp/collector", "--audit-log-path=none")
                .protection(USUAL)
                .audit()
                .orElseThrow();
        assertThat(usual.log()).isEmpty();
        assertThat(usual.webhook())
                .contains(new AuditWebhookConfig(
                        Path.of("/tmp/collector"), Mode.BATCH, Duration.ofSeconds(10), Batching.DEFAULT));
        var other = parsed(
                        "--audit-webhook-config-file=/tmp/collector",
                        "--audit-webhook-mode=batch",
                        "--audit-webhook-initial-backoff=2s",
                        "--audit-webhook-batch-buffer-size=5",
                        "--audit-webhook-batch-max-size=4",
                        "--audit-webhook-batch-max-wait=3s",
                        "--audit-webhook-batch-throttle-qps=2.5",
                        "--audit-webhook-batch-throttle-burst=1")
                .protection(USUAL)
                .audit()
                .orElseThrow();
        assertThat(other.log()).isPresent();
        assertThat(other.webhook())
                .contains(new AuditWebhookConfig(
                        Path.of("/tmp/collector"),
                        Mode.BATCH,
                        Duration.ofSeconds(2),
                        new Batching(5, 4, Duration.ofSeconds(3), Optional.of(new Throttle(2.5f, 1)))));
    }

    @ParameterizedTest
    @CsvSource({
        "--audit-webhook-mode=soon, invalid audit webhook mode soon",
        "--audit-webhook-batch-max-size=0, invalid audit batch webhook max batch size 0",
        "--audit-webhook-batch-throttle-qps=-1, invalid audit batch webhook throttle QPS -1"
    })
    void refusesAWebhookThatMakesNoSense(String argument, String why) {
        assertThatThrownBy(() -> parsed("--audit-webhook-config-file=/tmp/collector", argument)
                        .protection(USUAL))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "--request-timeout=soon, is no duration",
        "--audit-policy-file=/nowhere, failed to read the audit policy",
        "--audit-log-maxsize=0, must be positive",
        "--audit-log-format=xml, invalid audit log format xml"
    })
    void refusesWhatMakesNoSense(String argument, String why) {
        assertThatThrownBy(() -> parsed(argument).protection(USUAL))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(why);
    }
}
