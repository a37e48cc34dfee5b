package dev.kapal.apiserver.authz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// Which authorizers there are, in the order in which they are asked. Checked when made. Source: the API server's
/// flags `--authorization-…`.
///
/// @param policyFile for the mode ABAC
/// @param webhookFile a kubeconfig that leads to the server of the mode Webhook
/// @param webhookVersion of the reviews that it is sent
/// @param configured authorizers out of a file, in place of the modes; empty when the modes count
/// @param configFile the file that they are out of: it is read again when it changes
public record AuthorizationOptions(
        List<Mode> modes,
        Optional<Path> policyFile,
        Optional<Path> webhookFile,
        String webhookVersion,
        Duration allowedTtl,
        Duration refusedTtl,
        List<Configured> configured,
        Optional<Path> configFile) {
    public static final AuthorizationOptions DEFAULT = of(List.of(Mode.NODE, Mode.RBAC));

    /// Modes as the flags give them.
    public AuthorizationOptions(
            List<Mode> modes,
            Optional<Path> policyFile,
            Optional<Path> webhookFile,
            String webhookVersion,
            Duration allowedTtl,
            Duration refusedTtl) {
        this(modes, policyFile, webhookFile, webhookVersion, allowedTtl, refusedTtl, List.of(), Optional.empty());
    }

    /// @throws IllegalArgumentException when the options make no sense together; its message is for the user
    public AuthorizationOptions {
        modes = List.copyOf(modes);
        configured = List.copyOf(configured);
        if (modes.isEmpty()) {
            throw new IllegalArgumentException("at least one authorization-mode must be passed");
        }
        if (modes.size() != EnumSet.copyOf(modes).size()) {
            throw new IllegalArgumentException(
                    "authorization-mode \"" + words(modes) + "\" has mode specified more than once");
        }
        if (modes.contains(Mode.ABAC) && policyFile.isEmpty()) {
            throw new IllegalArgumentException("authorization-mode ABAC's authorization policy file not passed");
        }
        if (!modes.contains(Mode.ABAC) && policyFile.isPresent()) {
            throw new IllegalArgumentException("cannot specify --authorization-policy-file without mode ABAC");
        }
        if (modes.contains(Mode.WEBHOOK) && webhookFile.isEmpty()) {
            throw new IllegalArgumentException("authorization-mode Webhook's authorization config file not passed");
        }
        if (!modes.contains(Mode.WEBHOOK) && webhookFile.isPresent()) {
            throw new IllegalArgumentException(
                    "cannot specify --authorization-webhook-config-file without mode Webhook");
        }
    }

    /// With upstream's defaults for the rest.
    public static AuthorizationOptions of(List<Mode> modes) {
        return new AuthorizationOptions(
                modes, Optional.empty(), Optional.empty(), "v1beta1", Duration.ofMinutes(5), Duration.ofSeconds(30));
    }

    /// What a file says, instead of modes.
    static AuthorizationOptions configured(List<Configured> configured, Path file) {
        return new AuthorizationOptions(
                DEFAULT.modes,
                Optional.empty(),
                Optional.empty(),
                DEFAULT.webhookVersion,
                DEFAULT.allowedTtl,
                DEFAULT.refusedTtl,
                configured,
                Optional.of(file));
    }

    /// One authorizer out of a file.
    public sealed interface Configured {}

    /// One that needs no more than its mode.
    public record Plain(Mode mode) implements Configured {}

    /// A server that is asked.
    ///
    /// @param timeout of one attempt
    /// @param denies whether a failure refuses the request; otherwise the next authorizer decides
    /// @param conditions in CEL over the review's `request`; it is asked when all hold
    public record Hook(
            String name,
            Path kubeconfig,
            String version,
            Duration allowedTtl,
            Duration refusedTtl,
            Duration timeout,
            boolean denies,
            List<String> conditions)
            implements Configured {
        public Hook {
            conditions = List.copyOf(conditions);
        }
    }

    /// One authorizer.
    public enum Mode {
        NODE("Node"),
        RBAC("RBAC"),
        ABAC("ABAC"),
        WEBHOOK("Webhook"),
        ALWAYS_ALLOW("AlwaysAllow"),
        ALWAYS_DENY("AlwaysDeny");

        private final String word;

        Mode(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// Reads `Node,RBAC`.
    ///
    /// @throws IllegalArgumentException for a word that is none; its message is for the user
    public static List<Mode> modes(String text) {
        var modes = new ArrayList<Mode>();
        for (var word : text.split(",")) {
            modes.add(mode(word.strip()));
        }
        return modes;
    }

    private static Mode mode(String word) {
        for (var mode : Mode.values()) {
            if (mode.word.equals(word)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("authorization-mode \"" + word + "\" is not a valid mode");
    }

    private static String words(List<Mode> modes) {
        return String.join(",", modes.stream().map(Mode::word).toList());
    }
}
