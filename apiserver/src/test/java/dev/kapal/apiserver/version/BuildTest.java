package dev.kapal.apiserver.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildTest {
    private static final Build UNKNOWN = new Build("", "", "1970-01-01T00:00:00Z");

    @TempDir
    private Path sources;

    private String git(String... words) throws IOException, InterruptedException {
        var command =
                new ArrayList<>(List.of("git", "-C", sources.toString(), "-c", "user.name=a", "-c", "user.email=b"));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("GIT_COMMITTER_DATE", "2026-01-02T03:04:05+01:00");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }

    @Test
    void isOfACommitWhichGivesItItsDate() throws Exception {
        git("init", "-q");
        git("commit", "-q", "--allow-empty", "-m", "first");
        var commit = git("rev-parse", "HEAD");
        assertThat(commit).hasSize(40);
        assertThat(Build.of(sources)).isEqualTo(new Build(commit, "clean", "2026-01-02T02:04:05Z"));
        Files.writeString(sources.resolve("new"), "");
        assertThat(Build.of(sources)).isEqualTo(new Build(commit, "dirty", "2026-01-02T02:04:05Z"));
    }

    @Test
    void knowsNothingWithoutGit() throws Exception {
        assertThat(Build.of(sources)).isEqualTo(UNKNOWN);
    }

    @Test
    void knowsNothingWithinAnotherTree() throws Exception {
        git("init", "-q");
        git("commit", "-q", "--allow-empty", "-m", "somebody else's");
        assertThat(Build.of(Files.createDirectory(sources.resolve("kapal")))).isEqualTo(UNKNOWN);
    }

    @Test
    void isWrittenOnlyWhenItChanges() throws Exception {
        var file = sources.resolve("classes/build.properties");
        new Build("abc", "clean", "2026-01-02T02:04:05Z").write(file);
        var written = Files.getLastModifiedTime(file);
        assertThat(file).hasContent("commit=abc\ntreeState=clean\ndate=2026-01-02T02\\:04\\:05Z");
        new Build("abc", "clean", "2026-01-02T02:04:05Z").write(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
    }

    @Test
    void ofThisProcessIsKnownToTheServer() {
        var version = ServerVersion.document();
        assertThat(version.path("gitCommit").asText()).matches("[0-9a-f]{40}|");
        assertThat(version.path("gitTreeState").asText()).isIn("clean", "dirty", "");
        assertThat(version.path("buildDate").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    }
}
