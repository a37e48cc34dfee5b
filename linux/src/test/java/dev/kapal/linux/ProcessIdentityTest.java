package dev.kapal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityTest {
    @TempDir
    Path directory;

    @Test
    void aReusedPidIsAnotherProcess() {
        var me = ProcessIdentity.current();
        assertThat(me.isAlive()).isTrue();
        assertThat(new ProcessIdentity(me.pid(), me.startTicks() + 1).isAlive()).isFalse();
        assertThat(ProcessIdentity.of(-1)).isEmpty();
    }

    @Test
    void survivesAPidFile() throws Exception {
        var file = directory.resolve("pid");
        assertThat(ProcessIdentity.read(file)).isEmpty();
        ProcessIdentity.current().write(file);
        assertThat(ProcessIdentity.read(file)).contains(ProcessIdentity.current());
    }

    @Test
    void endsAProcessThatIgnoresTheGentleSignal() throws Exception {
        var process = new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done").start();
        process.inputReader().readLine();
        var identity = ProcessIdentity.of(process.pid()).orElseThrow();
        identity.end(Duration.ofMillis(200), Time.system());
        assertThat(process.waitFor()).isEqualTo(128 + ProcessIdentity.KILL);
        assertThat(identity.signal(ProcessIdentity.TERM)).isFalse();
    }

    @Test
    void findsProcessesByTheirCommand() throws Exception {
        var process = new ProcessBuilder("sleep", "61.25").start();
        try {
            var found = ProcessTable.find(
                    entry -> entry.program().equals("sleep") && entry.command().contains("61.25"));
            assertThat(found).extracting(entry -> entry.identity().pid()).contains(process.pid());
        } finally {
            process.destroyForcibly();
        }
    }
}
