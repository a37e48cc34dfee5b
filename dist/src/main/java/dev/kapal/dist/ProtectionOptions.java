package dev.kapal.dist;

import dev.kapal.apiserver.Protection;
import dev.kapal.cli.Refusal;
import dev.kapal.model.schedule.GoDuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How the API server is protected. Names and defaults are upstream's.
final class ProtectionOptions {
    @Mixin
    private AuditOptions audit = new AuditOptions();

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
            names = "--livez-grace-period",
            paramLabel = "DURATION",
            description = "for so long after the start /livez trusts that what is not finished will be (0s)")
    private String livezGrace = "0s";

    @Option(
            names = "--shutdown-delay-duration",
            paramLabel = "DURATION",
            description = "goes on to serve for so long after /readyz has begun to fail (0s)")
    private String shutdownDelay = "0s";

    @Option(
            names = "--shutdown-send-retry-after",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "whether requests that come after that are answered 429 until those under way are done"
                    + " (${DEFAULT-VALUE})")
    private boolean retryAfter;

    @Option(
            names = "--shutdown-watch-termination-grace-period",
            paramLabel = "DURATION",
            description = "spreads the ends of watches over so long when the server stops (0s)")
    private String watchGrace = "0s";

    @Mixin
    private BrowserFlags browsers = new BrowserFlags();

    @Option(
            names = "--goaway-chance",
            paramLabel = "P",
            description = "how often a client on HTTP/2 is asked to open another connection, 0 to 0.02 (0)")
    private double goawayChance;

    /// @param usualLog where the audit log goes if nobody says
    Protection protection(Path usualLog) {
        requireNotNegative("--max-requests-inflight", maxInFlight < 0);
        requireNotNegative("--max-mutating-requests-inflight", maxMutating < 0);
        if (fairness && maxInFlight + maxMutating <= 0) {
            throw new Refusal(
                    "invalid configuration: MaxRequestsInFlight=%d and MaxMutatingRequestsInFlight=%d; they must"
                                    .formatted(maxInFlight, maxMutating)
                            + " add up to something positive");
        }
        if (!(goawayChance >= 0 && goawayChance <= 0.02)) {
            throw new Refusal("--goaway-chance can not be less than 0 or greater than 0.02");
        }
        var protection = new Protection(
                Optional.empty(),
                fairness,
                maxInFlight,
                maxMutating,
                duration("--request-timeout", requestTimeout),
                duration("--livez-grace-period", livezGrace, "a negative value"),
                new Protection.Ending(
                        duration("--shutdown-delay-duration", shutdownDelay),
                        retryAfter,
                        duration("--shutdown-watch-termination-grace-period", watchGrace)),
                goawayChance,
                browsers.rules());
        return audit.audit(usualLog).map(protection::with).orElse(protection);
    }

    static Duration duration(String option, String text) {
        return duration(option, text, "negative value");
    }

    /// @param negative what upstream says that it cannot be
    private static Duration duration(String option, String text, String negative) {
        var value = GoDuration.parse(text)
                .orElseThrow(() -> new Refusal(option + ": " + text + " is no duration such as 30s"));
        if (value.isNegative()) {
            throw new Refusal(option + " can not be " + negative);
        }
        return value;
    }

    private static void requireNotNegative(String option, boolean negative) {
        if (negative) {
            throw new Refusal(option + " can not be negative value");
        }
    }
}
