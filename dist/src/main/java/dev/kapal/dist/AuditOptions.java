package dev.kapal.dist;

import dev.kapal.apiserver.Protection;
import dev.kapal.apiserver.audit.AuditBatching;
import dev.kapal.apiserver.audit.AuditMode;
import dev.kapal.apiserver.audit.AuditPolicyFile;
import dev.kapal.cli.Refusal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the API server logs about requests, and where. Names and defaults are upstream's, save that the log is on.
final class AuditOptions {
    /// There is only one version of events left.
    static final String VERSION = "audit.k8s.io/v1";

    @Option(
            names = "--audit-policy-file",
            paramLabel = "FILE",
            description = "what is logged about requests (audit.k8s.io/v1 Policy); usually: who did what")
    private Path policy;

    @Mixin
    private AuditLogOptions log = new AuditLogOptions();

    @Mixin
    private AuditWebhookOptions webhook = new AuditWebhookOptions();

    /// Empty when nothing is logged anywhere.
    ///
    /// @param usualLog where the audit log goes if nobody says
    Optional<Protection.Audit> audit(Path usualLog) {
        try {
            var file = log.config(usualLog);
            var server = webhook.config();
            if (file.isEmpty() && server.isEmpty()) {
                return Optional.empty();
            }
            var rules = policy == null ? AuditPolicyFile.usual() : AuditPolicyFile.read(policy);
            return Optional.of(new Protection.Audit(rules, file, server));
        } catch (AuditPolicyFile.Unusable | IllegalArgumentException wrong) {
            throw new Refusal(wrong.getMessage());
        }
    }

    /// The constant whose name is `text` in small letters.
    static <E extends Enum<E>> Optional<E> word(E[] words, String text) {
        return Arrays.stream(words)
                .filter(word ->
                        word.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text))
                .findFirst();
    }

    /// @param plugin `log` or `webhook`
    static AuditMode mode(String plugin, String text) {
        return word(AuditMode.values(), text)
                .orElseThrow(() -> new Refusal("invalid audit " + plugin + " mode " + text
                        + ", allowed modes are \"batch,blocking,blocking-strict\""));
    }

    /// @param plugin `log` or `webhook`
    /// @param throttle holds only if `throttled`
    static AuditBatching batching(
            String plugin,
            int bufferSize,
            int batchSize,
            String batchWait,
            boolean throttled,
            AuditBatching.Throttle throttle) {
        return new AuditBatching(
                bufferSize,
                batchSize,
                ProtectionOptions.duration("--audit-" + plugin + "-batch-max-wait", batchWait),
                throttled ? Optional.of(throttle) : Optional.empty());
    }

    static void checkVersion(String version) {
        if (version.chars().filter(c -> c == '/').count() > 1) {
            throw new Refusal("unexpected GroupVersion string: " + version);
        }
        if (!version.equals(VERSION)) {
            throw new Refusal("invalid group version, allowed versions are [\"" + VERSION + "\"]");
        }
    }
}
