package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.time.Instant;
import java.util.Optional;

/// Short words for what a runtime would show.
final class Observed {
    static final Instant STARTED = Instant.parse("2025-01-01T00:00:01Z");
    static final Instant FINISHED = Instant.parse("2025-01-01T00:00:05Z");

    private Observed() {}

    /// `state` is `run`, `new`, `unknown` or an exit code.
    static ObservedContainer container(String name, String state, String sandbox, int restarts) {
        var is = switch (state) {
            case "run" -> ObservedContainer.State.RUNNING;
            case "new" -> ObservedContainer.State.CREATED;
            case "unknown" -> ObservedContainer.State.UNKNOWN;
            default -> ObservedContainer.State.EXITED;
        };
        boolean exited = is == ObservedContainer.State.EXITED;
        int code = exited ? Integer.parseInt(state) : 0;
        return new ObservedContainer(
                "id-" + name + "-" + restarts,
                name,
                sandbox,
                is,
                restarts,
                ContainerHash.of(new ContainerBuilder()
                        .withName(name)
                        .withImage("demo:1")
                        .build()),
                STARTED.plusSeconds(10L * restarts),
                STARTED,
                exited ? FINISHED : Instant.EPOCH,
                code,
                exited ? code == 0 ? "Completed" : "Error" : "",
                "",
                "demo:1",
                "sha256:1",
                Optional.empty(),
                "");
    }
}
