package dev.kapal.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.apiserver.audit.AuditLogConfig;
import dev.kapal.cli.Refusal;
import java.nio.file.Path;
import java.time.Duration;
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
        assertThat(protection.audit().orElseThrow().log()).isEqualTo(new AuditLogConfig(USUAL, 0, 3, 100));
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
                        "--audit-log-maxsize=3")
                .protection(USUAL);
        assertThat(protection.priorityAndFairness()).isFalse();
        assertThat(protection.maxInFlight()).isEqualTo(7);
        assertThat(protection.maxMutatingInFlight()).isEqualTo(3);
        assertThat(protection.requestTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(protection.shutdownDelay()).isEqualTo(Duration.ofSeconds(5));
        assertThat(protection.audit().orElseThrow().log())
                .isEqualTo(new AuditLogConfig(Path.of("/tmp/a.log"), 1, 2, 3));
        assertThat(parsed("--audit-log-path=none").protection(USUAL).audit()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--request-timeout=soon, is no duration",
        "--audit-policy-file=/nowhere, failed to read the audit policy",
        "--audit-log-maxsize=0, must be positive"
    })
    void refusesWhatMakesNoSense(String argument, String why) {
        assertThatThrownBy(() -> parsed(argument).protection(USUAL))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(why);
    }
}
