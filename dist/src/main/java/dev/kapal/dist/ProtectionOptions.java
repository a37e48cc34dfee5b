package dev.kapal.dist;

import dev.kapal.apiserver.Protection;
import dev.kapal.apiserver.audit.AuditLogConfig;
import dev.kapal.apiserver.audit.AuditPolicyFile;
import dev.kapal.cli.Refusal;
import dev.kapal.model.schedule.GoDuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/// How the API server is protected, and what it logs about requests. Names and defaults are upstream's, save that the
/// audit log is on.
final class ProtectionOptions {
    @Option(
            names = "--audit-policy-file",
            paramLabel = "FILE",
            description = "what is logged about requests (audit.k8s.io/v1 Policy); usually: who did what")
    private Path auditPolicy;

    @Option(
            names = "--audit-log-path",
            paramLabel = "FILE",
            description = "where it is logged; - for the standard output, none for no log (D/log/audit.log)")
    private String auditLog;

    @Option(
            names = "--audit-log-maxage",
            paramLabel = "DAYS",
            description = "removes audit logs that are older (0: never)")
    private int auditMaxAge;

    @Option(
            names = "--audit-log-maxbackup",
            paramLabel = "N",
            description = "keeps this many old audit logs (${DEFAULT-VALUE}; 0: all)")
    private int auditMaxBackups = 3;

    @Option(
            names = "--audit-log-maxsize",
            paramLabel = "MB",
            description = "begins a new audit log when it is larger (${DEFAULT-VALUE})")
    private int auditMaxSize = 100;

    @Option(
            names = "--enable-priority-and-fairness",
            arity = "1",
            paramLabel = "BOOL",
            description =
                    "lets requests wait by priority level; if false, only the two limits below hold (${DEFAULT-VALUE})")
    private boolean fairness = Protection.DEFAULT.priorityAndFairness();

    @Option(
            names = "--max-requests-inflight",
            paramLabel = "N",
            description = "reading requests at once (${DEFAULT-VALUE}); with priority and fairness, part of all seats")
    private int maxInFlight = Protection.DEFAULT.maxInFlight();

    @Option(
            names = "--max-mutating-requests-inflight",
            paramLabel = "N",
            description = "writing requests at once (${DEFAULT-VALUE}); with priority and fairness, part of all seats")
    private int maxMutating = Protection.DEFAULT.maxMutatingInFlight();

    @Option(
            names = "--request-timeout",
            paramLabel = "DURATION",
            description = "breaks off requests that take longer (60s); watches and the like are not meant")
    private String requestTimeout = "60s";

    @Option(
            names = "--shutdown-delay-duration",
            paramLabel = "DURATION",
            description = "goes on to serve for so long after /readyz has begun to fail (0s)")
    private String shutdownDelay = "0s";

    /// @param usualLog where the audit log goes if nobody says
    Protection protection(Path usualLog) {
        var protection = new Protection(
                Optional.empty(),
                fairness,
                maxInFlight,
                maxMutating,
                duration("--request-timeout", requestTimeout),
                duration("--shutdown-delay-duration", shutdownDelay));
        return "none".equals(auditLog) ? protection : protection.with(audit(usualLog));
    }

    private static Duration duration(String option, String text) {
        return GoDuration.parse(text)
                .filter(value -> !value.isNegative())
                .orElseThrow(() -> new Refusal(option + ": " + text + " is no duration such as 30s"));
    }

    private Protection.Audit audit(Path usualLog) {
        try {
            var policy = auditPolicy == null ? AuditPolicyFile.usual() : AuditPolicyFile.read(auditPolicy);
            var path = auditLog == null ? usualLog : Path.of(auditLog);
            return new Protection.Audit(policy, new AuditLogConfig(path, auditMaxAge, auditMaxBackups, auditMaxSize));
        } catch (AuditPolicyFile.Unusable | IllegalArgumentException wrong) {
            throw new Refusal(wrong.getMessage());
        }
    }
}
