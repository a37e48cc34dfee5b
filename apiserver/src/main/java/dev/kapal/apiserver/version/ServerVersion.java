package dev.kapal.apiserver.version;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.metric.Metrics;
import dev.kapal.model.codec.Documents;
import java.util.Locale;

/// `/version`. Constant. Source: `version.Info`.
public final class ServerVersion {
    public static final String GIT_VERSION = "v1.34.0+kapal";

    private static final String MAJOR = "1";
    private static final String MINOR = "34";
    private static final String COMPILER = "javac";
    private static final String LANGUAGE = "java" + Runtime.version().feature();

    private ServerVersion() {}

    public static ObjectNode document() {
        var build = Build.OF_THIS_PROCESS;
        var version = Documents.object();
        version.put("major", MAJOR).put("minor", MINOR);
        version.put("emulationMajor", "1").put("emulationMinor", "34");
        version.put("minCompatibilityMajor", "1").put("minCompatibilityMinor", "33");
        version.put("gitVersion", GIT_VERSION);
        version.put("gitCommit", build.commit()).put("gitTreeState", build.treeState());
        version.put("buildDate", build.date());
        version.put("goVersion", LANGUAGE).put("compiler", COMPILER);
        version.put("platform", platform());
        return version;
    }

    /// Shows the same to Prometheus.
    public static void register(Metrics metrics) {
        var build = Build.OF_THIS_PROCESS;
        metrics.gauge(
                        "kubernetes_build_info",
                        "A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree"
                                + " state, build date, Go version, and compiler from which Kubernetes was built, and"
                                + " platform on which it is running.",
                        "major",
                        "minor",
                        "git_version",
                        "git_commit",
                        "git_tree_state",
                        "build_date",
                        "go_version",
                        "compiler",
                        "platform")
                .read(
                        () -> 1,
                        MAJOR,
                        MINOR,
                        GIT_VERSION,
                        build.commit(),
                        build.treeState(),
                        build.date(),
                        LANGUAGE,
                        COMPILER,
                        platform());
    }

    /// As Go names it: `linux/amd64`.
    private static String platform() {
        String machine = System.getProperty("os.arch");
        return System.getProperty("os.name").toLowerCase(Locale.ROOT) + "/"
                + (machine.equals("aarch64") ? "arm64" : machine);
    }
}
