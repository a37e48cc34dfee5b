package dev.kapal.dist;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SeldomOptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "--port 7000 --data-dir /tmp/d", "--port=7000 --verbose"})
    void areNotReadForTheUsualCommandLine(String words) {
        assertThat(server(words).getCommandSpec().findOption("--audit-log-path"))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "--audit-log-path=/tmp/log",
                "--port 7000 --anonymous-auth=false",
                "--no-such-option",
                "--legacy-apis false"
            })
    void areReadForEveryOther(String words) {
        var known = server(words).getCommandSpec().optionsMap();

        assertThat(known).containsKeys("--audit-log-path", "--anonymous-auth", "--legacy-apis", "--goaway-chance");
        assertThat(known).containsKeys("--enable-admission-plugins", "--port", "--data-dir");
    }

    private static CommandLine server(String words) {
        var command = new CommandLine(new Server());
        SeldomOptions.complete(command, words.isEmpty() ? new String[0] : words.split(" "));
        return command;
    }
}
