package dev.kapal.apiserver;

import dev.kapal.apiserver.audit.AuditLogConfig;
import dev.kapal.apiserver.audit.AuditPolicy;
import dev.kapal.apiserver.audit.AuditWebhookConfig;
import dev.kapal.apiserver.edge.BrowserRules;
import java.time.Duration;
import java.util.Optional;

/// How an API server protects itself and keeps account of who did what.
///
/// @param audit empty: no audit log
/// @param priorityAndFairness whether requests wait by priority level; otherwise the two limits hold for all alike
/// @param maxInFlight how many reading requests are worked on at once; see `maxMutatingInFlight`
/// @param maxMutatingInFlight how many writing ones; priority and fairness shares out the sum of both
/// @param requestTimeout after which a request that does not last by nature is answered 504; what a client asks for
///   with `?timeout` is cut to it
/// @param livezGrace for how long after its start `/livez` trusts that what is not finished will be
/// @param ending how the server goes out of service
/// @param goawayChance how often a client on HTTP/2 is asked to open another connection
/// @param browsers what is said to browsers
public record Protection(
        Optional<Audit> audit,
        boolean priorityAndFairness,
        int maxInFlight,
        int maxMutatingInFlight,
        Duration requestTimeout,
        Duration livezGrace,
        Ending ending,
        double goawayChance,
        BrowserRules browsers) {
    /// Upstream's own, without an audit log: there is no place to put it that everybody has.
    public static final Protection DEFAULT = new Protection(
            Optional.empty(),
            true,
            400,
            200,
            Duration.ofSeconds(60),
            Duration.ZERO,
            new Ending(Duration.ZERO, false, Duration.ZERO),
            0,
            BrowserRules.NONE);

    /// What is logged, and where: into a file, to another server, or both.
    public record Audit(AuditPolicy policy, Optional<AuditLogConfig> log, Optional<AuditWebhookConfig> webhook) {
        public Audit(AuditPolicy policy, AuditLogConfig log) {
            this(policy, Optional.of(log), Optional.empty());
        }
    }

    /// How a server goes out of service.
    ///
    /// @param delay how long it goes on to serve after `/readyz` has begun to fail, so that load balancers
    ///   can turn away first
    /// @param retryAfter whether new requests are then answered 429 until those under way are done,
    ///   instead of finding nobody
    /// @param watches over how long the ends of watches are spread, so that their clients do not come back
    ///   all at once
    public record Ending(Duration delay, boolean retryAfter, Duration watches) {}

    public Protection with(Audit newAudit) {
        return new Protection(
                Optional.of(newAudit),
                priorityAndFairness,
                maxInFlight,
                maxMutatingInFlight,
                requestTimeout,
                livezGrace,
                ending,
                goawayChance,
                browsers);
    }
}
