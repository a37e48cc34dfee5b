package dev.kapal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.time.Time;
import dev.kapal.pki.CertificateFile;
import dev.kapal.pki.ClusterPki;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What `kapal certs` shows and changes.
class CertsTest {
    @TempDir
    Path data;

    /// Exit code and what was said.
    private record Ended(int code, String said) {}

    private Ended run(String... words) {
        var said = new StringWriter();
        var writer = new PrintWriter(said, true);
        var line = new CommandLine(new Certs()).setOut(writer).setErr(writer);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            writer.println(failure.getMessage());
            return 1;
        });
        return new Ended(line.execute(words), said.toString());
    }

    private ClusterPki pki() throws Exception {
        return ClusterPki.open(data.resolve("pki"), Time.system());
    }

    @Test
    void listsWhatForWhomUntilWhen() throws Exception {
        pki().admin();
        var listed = run("--data-dir", data.toString());
        assertThat(listed.code()).isZero();
        assertThat(listed.said())
                .containsPattern("ca +kubernetes +kubernetes +20\\d\\d-.*Z +364\\d days")
                .containsPattern("admin +kubernetes-admin \\(system:masters\\) +kubernetes +20\\d\\d-.*Z +364 days");
    }

    @Test
    void warnsLongBeforeAnAuthorityEnds() throws Exception {
        pki().admin();
        assertThat(shownAt(Time.system().instant())).doesNotContain("ends in less than a year");
        assertThat(shownAt(Time.system().instant().plus(Duration.ofDays(3650 - 364))))
                .contains("ca ends in less than a year; replace it while the cluster is down");
    }

    private String shownAt(Instant now) throws Exception {
        var said = new StringWriter();
        Certs.print(ClusterPki.list(data.resolve("pki")), now, new PrintWriter(said, true));
        return said.toString();
    }

    @Test
    void makesAllAnewButTheAuthoritiesUnlessToldTo() throws Exception {
        pki().admin();
        var first = hash();
        var admin = admin();
        assertThat(run("rotate", "--data-dir", data.toString()).code()).isZero();
        assertThat(hash()).isEqualTo(first);
        assertThat(admin()).isNotEqualTo(admin);
        var all = run("rotate", "--authorities", "--data-dir", data.toString());
        assertThat(all.code()).as(all.said()).isZero();
        assertThat(all.said()).contains("./kapal up").contains("./kapal token create");
        assertThat(hash()).isNotEqualTo(first);
        assertThat(pki().roots().refuse(pki().admin().chain(), Time.system().instant()))
                .isEmpty();
    }

    @Test
    void leavesTheAuthoritiesOfARunningCluster() throws Exception {
        pki().admin();
        var first = hash();
        var self = ProcessHandle.current();
        Files.createDirectories(data.resolve("run"));
        Files.writeString(data.resolve("run/kapal.pid"), self.pid() + " " + ServerProcess.identity(self) + "\n");
        var refused = run("rotate", "--authorities", "--data-dir", data.toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.said()).contains("stop it first: ./kapal down");
        assertThat(hash()).isEqualTo(first);
    }

    private String hash() throws Exception {
        return pki().authority().hash();
    }

    private CertificateFile admin() throws Exception {
        return ClusterPki.list(data.resolve("pki")).getLast();
    }
}
