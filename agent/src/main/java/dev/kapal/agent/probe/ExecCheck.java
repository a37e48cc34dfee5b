package dev.kapal.agent.probe;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Success is a command in the container that ends with 0 in time.
record ExecCheck(ContainerRuntime runtime, String containerId, List<String> command) implements Check {
    private static final int MOST_OUTPUT = 10 * 1024;

    @Override
    public Outcome ask(Duration timeout) throws InterruptedException {
        try {
            var done = runtime.execSync(containerId, command, timeout);
            if (done.getExitCode() == 0) {
                return new Outcome.Success();
            }
            var output = done.getStdout().toString(StandardCharsets.UTF_8)
                    + done.getStderr().toString(StandardCharsets.UTF_8);
            return new Outcome.Failure(output.substring(0, Math.min(output.length(), MOST_OUTPUT)));
        } catch (CriException failure) {
            if (failure.code() == CriException.Code.DEADLINE_EXCEEDED) {
                return new Outcome.Failure("command timed out: \"" + String.join(" ", command) + "\" timed out after "
                        + timeout.toSeconds() + "s");
            }
            return new Outcome.Broken(failure.getMessage());
        }
    }
}
