package dev.kapal.dist;

import dev.kapal.apiserver.admission.AdmissionChoice;
import dev.kapal.apiserver.admission.AdmissionChoice.Patience;
import dev.kapal.apiserver.admission.AdmissionFile;
import dev.kapal.apiserver.admission.podsecurity.PodSecurityConfig;
import dev.kapal.cli.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Option;

/// Which admission plugins look at writes: the API server's flags, under upstream's names.
final class AdmissionFlags {
    @Option(
            names = "--enable-admission-plugins",
            paramLabel = "NAMES",
            split = ",",
            description = "plugins beside those that are on by themselves")
    private Set<String> enabled = Set.of();

    @Option(
            names = "--disable-admission-plugins",
            paramLabel = "NAMES",
            split = ",",
            description = "plugins that are not to look at anything, although they are on by themselves")
    private Set<String> disabled = Set.of();

    @Option(
            names = "--admission-control-config-file",
            paramLabel = "FILE",
            description = "how plugins are configured: which Pod Security Standard holds for the whole cluster")
    private Path configFile;

    @Option(
            names = "--default-not-ready-toleration-seconds",
            paramLabel = "SECONDS",
            description = "how long pods stay on a node that is not ready, if they do not say (${DEFAULT-VALUE})")
    private long notReadySeconds = Patience.DEFAULT.notReady();

    @Option(
            names = "--default-unreachable-toleration-seconds",
            paramLabel = "SECONDS",
            description = "how long pods stay on a node that is unreachable, if they do not say (${DEFAULT-VALUE})")
    private long unreachableSeconds = Patience.DEFAULT.unreachable();

    /// Throws [Refusal] for a name that no plugin has, and for a file that makes no sense.
    AdmissionChoice choice() {
        try {
            return new AdmissionChoice(
                    enabled,
                    disabled,
                    configFile == null ? PodSecurityConfig.NONE : AdmissionFile.read(configFile),
                    new Patience(notReadySeconds, unreachableSeconds));
        } catch (IOException unreadable) {
            throw new Refusal("unable to read admission control configuration from \"" + configFile + "\" ["
                    + unreadable.getMessage() + "]");
        } catch (IllegalArgumentException unknown) {
            throw new Refusal(unknown.getMessage());
        }
    }
}
