package dev.kapal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private final Commands commands = Commands.system();

    @Test
    void answersOutputErrorsAndStatus() throws Exception {
        var result =
                commands.run(Command.of("sh", "-c", "cat; echo no >&2; exit 3").reading("yes"));
        assertThat(result).isEqualTo(new Commands.Result(3, "yes", "no\n"));
    }

    @Test
    void aFailureNamesTheCommandAndWhatItSaid() {
        assertThatThrownBy(() -> commands.require("sh", "-c", "echo out of luck >&2; exit 1"))
                .isInstanceOf(CommandException.class)
                .hasMessage("sh -c echo out of luck >&2; exit 1: exit status 1: out of luck");
    }

    @Test
    void aMissingProgramIsNamed() {
        assertThatThrownBy(() -> commands.require("/no/such/tool"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("/no/such/tool");
    }

    @Test
    void aToolThatHangsIsKilled() {
        assertThatThrownBy(() -> commands.require(Command.of("sleep", "60").within(Duration.ofMillis(100))))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("did not end within PT0.1S");
    }

    @Test
    void movesMoreThanAPipeHolds() throws Exception {
        var large = "0123456789abcdef".repeat(1 << 16);
        assertThat(commands.require(Command.of("cat").reading(large))).isEqualTo(large);
    }

    @Test
    void recordedCommandsRunNothing() throws Exception {
        var recorded = new RecordedCommands();
        new Links(recorded).setRoute("unreachable", "10.96.0.0/16");
        new Nft(recorded).deleteTable("ip", "kapal");
        assertThat(recorded.lines()).containsExactly("ip route replace unreachable 10.96.0.0/16", "nft -f -");
        assertThat(recorded.recorded().get(1).input()).isEqualTo("add table ip kapal\ndelete table ip kapal\n");
    }
}
