package dev.kapal.apiserver.edge;

import dev.kapal.model.codec.Documents;
import java.util.Locale;

/// `/version`. Constant.
public final class ServerVersion {
    public static final String GIT_VERSION = "v1.34.0+kapal";

    private ServerVersion() {}

    static byte[] document() {
        var version = Documents.object();
        version.put("major", "1").put("minor", "34");
        version.put("emulationMajor", "1").put("emulationMinor", "34");
        version.put("minCompatibilityMajor", "1").put("minCompatibilityMinor", "33");
        version.put("gitVersion", GIT_VERSION);
        version.put("gitCommit", "").put("gitTreeState", "clean").put("buildDate", "1970-01-01T00:00:00Z");
        version.put("goVersion", "java" + Runtime.version().feature());
        version.put("compiler", "javac");
        version.put("platform", platform());
        return Documents.json(version);
    }

    /// As Go names it: `linux/amd64`.
    public static String platform() {
        String machine = System.getProperty("os.arch");
        return System.getProperty("os.name").toLowerCase(Locale.ROOT) + "/"
                + (machine.equals("aarch64") ? "arm64" : machine);
    }
}
