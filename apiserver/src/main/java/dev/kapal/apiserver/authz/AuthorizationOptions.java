package dev.kapal.apiserver.authz;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// Which authorizers there are, in the order in which they are asked. Checked when made. Source: the API server's
/// flags `--authorization-…`.
public record AuthorizationOptions(List<Mode> modes) {
    public static final AuthorizationOptions DEFAULT = new AuthorizationOptions(List.of(Mode.NODE, Mode.RBAC));

    /// @throws IllegalArgumentException when the modes make no sense together; its message is for the user
    public AuthorizationOptions {
        modes = List.copyOf(modes);
        if (modes.isEmpty()) {
            throw new IllegalArgumentException("at least one authorization-mode must be passed");
        }
        if (modes.size() != EnumSet.copyOf(modes).size()) {
            throw new IllegalArgumentException(
                    "authorization-mode \"" + words(modes) + "\" has mode specified more than once");
        }
    }

    /// One authorizer.
    public enum Mode {
        NODE("Node"),
        RBAC("RBAC"),
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
