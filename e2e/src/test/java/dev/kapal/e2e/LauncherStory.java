package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// What the launcher says when something that it needs is not there.
@EnabledIf(value = "isRoot", disabledReason = "hides directories in a mount namespace and changes the user")
class LauncherStory {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String KAPAL = Cluster.home().resolve("kapal").toString();

    @TempDir
    Path empty;

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @Test
    void withoutAJdk25ItSaysWhatToInstall() {
        var run = hidden("/usr/lib/jvm", "-u JAVA_HOME -u KAPAL_JAVA_HOME HOME=" + empty + " " + KAPAL + " status");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains("no JDK 25 was found", "Install one", "KAPAL_JAVA_HOME");
    }

    @Test
    void withoutRootItSaysSo() throws Exception {
        var run = Run.of(
                LIMIT,
                Map.of("KAPAL_SKIP_BUILD", "1", "HOME", empty.toString()),
                new byte[0],
                List.of(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        KAPAL,
                        "up",
                        "--data-dir",
                        empty + "/data"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().contains("needs root", "sudo ./kapal up");
        assertThat(Files.exists(empty.resolve("data"))).isFalse();
    }

    @Test
    void withoutContainerdItNamesThePackage() {
        var run = hidden(
                "/usr/bin/containerd",
                "KAPAL_SKIP_BUILD=1 " + KAPAL + " server --data-dir " + empty + "/data --port 0");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("kapal: ", "containerd", "install");
    }

    @Test
    void anUnknownCommandIsRefusedWithTheUsage() {
        var run = Run.of(LIMIT, Map.of("KAPAL_SKIP_BUILD", "1"), new byte[0], List.of(KAPAL, "upp"));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("'upp'", "kapal up");
    }

    /// Runs `script` where `path` is hidden from it and from nobody else.
    private Run hidden(String path, String script) {
        String cover = Files.isDirectory(Path.of(path)) ? empty.toString() : "/dev/null";
        var command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
        command.add("mount --bind " + cover + " " + path + " && exec env " + script);
        return Run.of(LIMIT, Map.of(), new byte[0], command);
    }
}
