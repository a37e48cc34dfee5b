package dev.kapal.dist;

import dev.kapal.apiserver.admission.AdmissionChoice;
import dev.kapal.cli.Refusal;
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

    /// Throws [Refusal] for a name that no plugin has.
    AdmissionChoice choice() {
        try {
            return new AdmissionChoice(enabled, disabled);
        } catch (IllegalArgumentException unknown) {
            throw new Refusal(unknown.getMessage());
        }
    }
}
