package dev.kapal.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.apiserver.Protection.Ending;
import dev.kapal.apiserver.audit.AuditBatching;
import dev.kapal.apiserver.audit.AuditBatching.Throttle;
import dev.kapal.apiserver.audit.AuditLogConfig;
import dev.kapal.apiserver.audit.AuditLogConfig.LogFile;
import dev.kapal.apiserver.audit.AuditMode;
import dev.kapal.apiserver.audit.AuditTruncation;
import dev.kapal.apiserver.audit.AuditWebhookConfig;
import dev.kapal.apiserver.edge.BrowserRules;
import dev.kapal.cli.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
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
        assertThat(protection.livezGrace()).isZero();
        assertThat(protection.ending()).isEqualTo(new Ending(Duration.ZERO, false, Duration.ZERO));
        assertThat(protection.browsers()).isEqualTo(BrowserRules.NONE);
        assertThat(protection.goawayChance()).isZero();
        assertThat(protection.audit().orElseThrow().log())
                .contains(new AuditLogConfig(new LogFile(USUAL, 0, 3, 100, false)));
        assertThat(protection.audit().orElseThrow().webhook()).isEmpty();
    }

    @Test
    void takesEveryOption() {
        var protection = parsed(
                        "--enable-priority-and-fairness=false",
                        "--max-requests-inflight=7",
                        "--max-mutating-requests-inflight=3",
                        "--request-timeout=1m30s",
                        "--livez-grace-period=20s",
                        "--shutdown-delay-duration=5s",
                        "--shutdown-send-retry-after",
                        "--shutdown-watch-termination-grace-period=15s",
                        "--strict-transport-security-directives=max-age=31536000,includeSubDomains,preload",
                        "--cors-allowed-origins=//a\\.example\\.com(:|$),^https://b$",
                        "--goaway-chance=0.01",
                        "--audit-log-path=/tmp/a.log",
                        "--audit-log-maxage=1",
                        "--audit-log-maxbackup=2",
                        "--audit-log-maxsize=3",
                        "--audit-log-format=legacy",
                        "--audit-log-version=audit.k8s.io/v1",
                        "--audit-log-compress",
                        "--audit-log-mode=batch",
                        "--audit-log-batch-buffer-size=5",
                        "--audit-log-batch-max-size=4",
                        "--audit-log-batch-max-wait=3s",
                        "--audit-log-batch-throttle-enable=true",
                        "--audit-log-batch-throttle-qps=2.5",
                        "--audit-log-batch-throttle-burst=1",
                        "--audit-log-truncate-enabled=true",
                        "--audit-log-truncate-max-event-size=1000",
                        "--audit-log-truncate-max-batch-size=2000")
                .protection(USUAL);
        assertThat(protection.priorityAndFairness()).isFalse();
        assertThat(protection.maxInFlight()).isEqualTo(7);
        assertThat(protection.maxMutatingInFlight()).isEqualTo(3);
        assertThat(protection.requestTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(protection.livezGrace()).isEqualTo(Duration.ofSeconds(20));
        assertThat(protection.ending()).isEqualTo(new Ending(Duration.ofSeconds(5), true, Duration.ofSeconds(15)));
        assertThat(protection.browsers().transportSecurity())
                .containsExactly("max-age=31536000", "includeSubDomains", "preload");
        assertThat(protection.browsers().origins())
                .extracting(Pattern::pattern)
                .containsExactly("//a\\.example\\.com(:|$)", "^https://b$");
        assertThat(protection.goawayChance()).isEqualTo(0.01);
        assertThat(protection.audit().orElseThrow().log())
                .contains(new AuditLogConfig(
                        new LogFile(Path.of("/tmp/a.log"), 1, 2, 3, true),
                        AuditLogConfig.Format.LEGACY,
                        Optional.of(AuditMode.BATCH),
                        new AuditBatching(5, 4, Duration.ofSeconds(3), Optional.of(new Throttle(2.5f, 1))),
                        Optional.of(new AuditTruncation(1000))));
        assertThat(parsed("--audit-log-path=none").protection(USUAL).audit()).isEmpty();
    }

    @Test
    void wantsRoomForSomeRequests() {
        assertThatThrownBy(() -> parsed("--max-requests-inflight=0", "--max-mutating-requests-inflight=0")
                        .protection(USUAL))
                .hasMessage("invalid configuration: MaxRequestsInFlight=0 and MaxMutatingRequestsInFlight=0; they must"
                        + " add up to something positive");
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
                        Path.of("/tmp/collector"),
                        AuditMode.BATCH,
                        Duration.ofSeconds(10),
                        AuditBatching.OF_WEBHOOK,
                        Optional.empty()));
        var other = parsed(
                        "--audit-webhook-config-file=/tmp/collector",
                        "--audit-webhook-mode=batch",
                        "--audit-webhook-initial-backoff=2s",
                        "--audit-webhook-batch-buffer-size=5",
                        "--audit-webhook-batch-max-size=4",
                        "--audit-webhook-batch-max-wait=3s",
                        "--audit-webhook-batch-throttle-qps=2.5",
                        "--audit-webhook-batch-throttle-burst=1",
                        "--audit-webhook-truncate-enabled",
                        "--audit-webhook-truncate-max-event-size=1000",
                        "--audit-webhook-truncate-max-batch-size=1000",
                        "--audit-webhook-version=audit.k8s.io/v1")
                .protection(USUAL)
                .audit()
                .orElseThrow();
        assertThat(other.log()).isPresent();
        assertThat(other.webhook())
                .contains(new AuditWebhookConfig(
                        Path.of("/tmp/collector"),
                        AuditMode.BATCH,
                        Duration.ofSeconds(2),
                        new AuditBatching(5, 4, Duration.ofSeconds(3), Optional.of(new Throttle(2.5f, 1))),
                        Optional.of(new AuditTruncation(1000))));
    }

    @ParameterizedTest
    @CsvSource({
        "--audit-webhook-mode=soon, invalid audit webhook mode soon",
        "--audit-webhook-version=audit.k8s.io/v1beta1, invalid group version",
        "--audit-webhook-truncate-max-event-size=0, invalid audit truncate webhook max event size 0",
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
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mode=soon | invalid audit log mode soon, allowed modes are \"batch,blocking,blocking-strict\"",
                "version=v1 | invalid group version, allowed versions are [\"audit.k8s.io/v1\"]",
                "version=a/b/c | unexpected GroupVersion string: a/b/c",
                "format=xml | invalid audit log format xml, allowed formats are \"legacy,json\"",
                "maxage=-1 | --audit-log-maxage -1 can't be a negative number",
                "maxbackup=-1 | --audit-log-maxbackup -1 can't be a negative number",
                "maxsize=-1 | --audit-log-maxsize -1 can't be a negative number",
                "batch-buffer-size=0 | invalid audit batch log buffer size 0, must be a positive number",
                "batch-throttle-enable | invalid audit batch log throttle QPS 0, must be a positive number",
                "truncate-max-event-size=-5"
                        + " | invalid audit truncate log max event size -5, must be a positive number",
                "truncate-max-batch-size=5"
                        + " | invalid audit truncate log max batch size 5, must be greater than max event size (102400)",
            })
    void refusesALogThatMakesNoSense(String option, String why) {
        var options = option.startsWith("mode")
                ? parsed("--audit-log-" + option)
                : parsed("--audit-log-mode=batch", "--audit-log-" + option);
        assertThatThrownBy(() -> options.protection(USUAL))
                .isInstanceOf(Refusal.class)
                .hasMessage(why);
    }

    @ParameterizedTest
    @CsvSource({
        "--request-timeout=soon, is no duration",
        "--request-timeout=-1s, --request-timeout can not be negative value",
        "--livez-grace-period=-1s, --livez-grace-period can not be a negative value",
        "--shutdown-delay-duration=-1s, --shutdown-delay-duration can not be negative value",
        "--shutdown-watch-termination-grace-period=-1s, --shutdown-watch-termination-grace-period can not be negative"
                + " value",
        "--strict-transport-security-directives=fakevalue, 'allowed values: max-age=expireTime, includeSubDomains'",
        "--strict-transport-security-directives=max-age=1=2, 'allowed values: max-age=expireTime, includeSubDomains'",
        "'--strict-transport-security-directives=preload,,max-age=1', empty value in strict-transport-security-directives",
        "--cors-allowed-origins=example.com, does not pin to start/end of host in the origin header",
        "--cors-allowed-origins=//(:, --cors-allowed-origins has an invalid regular expression",
        "--max-requests-inflight=-1, --max-requests-inflight can not be negative value",
        "--max-mutating-requests-inflight=-1, --max-mutating-requests-inflight can not be negative value",
        "--goaway-chance=0.03, --goaway-chance can not be less than 0 or greater than 0.02",
        "--goaway-chance=-1, --goaway-chance can not be less than 0 or greater than 0.02",
        "--audit-policy-file=/nowhere, failed to read the audit policy",
        "--audit-log-format=xml, invalid audit log format xml"
    })
    void refusesWhatMakesNoSense(String argument, String why) {
        assertThatThrownBy(() -> parsed(argument).protection(USUAL))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(why);
    }
}
