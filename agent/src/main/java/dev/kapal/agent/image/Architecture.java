package dev.kapal.agent.image;

import java.util.Locale;

/// A processor that containers run on. Immutable.
public enum Architecture {
    AMD64("amd64", "x86_64-linux-gnu"),
    ARM64("arm64", "aarch64-linux-gnu");

    private final String go;
    private final String debian;

    Architecture(String go, String debian) {
        this.go = go;
        this.debian = debian;
    }

    /// The word in image configurations and in node labels.
    public String go() {
        return go;
    }

    /// Debian's name of the directory for its libraries.
    public String debianTriplet() {
        return debian;
    }

    /// This machine's.
    public static Architecture current() {
        var name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86_64" -> AMD64;
            case "aarch64", "arm64" -> ARM64;
            default -> throw new IllegalStateException("containers do not run on the processor " + name);
        };
    }
}
