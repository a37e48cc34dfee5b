package dev.kapal.agent.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kapal.agent.Await;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PauseImageTest {
    @TempDir
    Path directory;

    @Test
    void theProgramWaitsUntilItIsAskedToEnd() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "the program is made for Linux");
        var program = directory.resolve("pause");
        Files.write(program, PauseImage.program(Architecture.current()));
        assertThat(program.toFile().setExecutable(true)).isTrue();

        var process = new ProcessBuilder(program.toString()).start();
        awaitWaiting(process.pid());
        process.destroy();

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void theHeadersDescribeTheWholeFile(Architecture architecture) {
        var elf = ByteBuffer.wrap(PauseImage.program(architecture)).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(elf.getInt(0)).isEqualTo(0x464c457f);
        assertThat((int) elf.getShort(18)).isEqualTo(architecture == Architecture.AMD64 ? 62 : 183);
        assertThat(elf.getLong(24)).as("entry").isEqualTo(0x400000 + 120);
        assertThat(elf.getLong(64 + 32)).as("bytes in the file").isEqualTo(elf.capacity());
    }

    /// The program sleeps nowhere but where it waits for signals, and by then it ignores CHLD (bit 16).
    private static void awaitWaiting(long pid) throws Exception {
        var status = Path.of("/proc", Long.toString(pid), "status");
        Await.until("the program waits for signals", () -> {
            var text = Files.readString(status);
            return text.contains("State:\tS") && text.matches("(?s).*SigIgn:\t[0-9a-f]{11}[13579bdf][0-9a-f]{4}\n.*");
        });
    }
}
