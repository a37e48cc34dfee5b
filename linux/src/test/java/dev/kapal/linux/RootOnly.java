package dev.kapal.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Skips a test, with the reason, where it cannot run.
final class RootOnly {
    private RootOnly() {}

    static void orSkip() {
        assumeTrue("root".equals(System.getProperty("user.name")), "left out: needs root");
    }
}
