package dev.kapal.agent.pod;

import dev.kapal.agent.cri.v1.ContainerStatus;
import java.time.Instant;
import java.util.Optional;

/// A container as the runtime shows it. Immutable.
///
/// `imageId` is what the API calls so, `terminationMessagePath` is the file on the node.
record ObservedContainer(
        String id,
        String name,
        String sandboxId,
        State state,
        int restartCount,
        String hash,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt,
        int exitCode,
        String reason,
        String message,
        String image,
        String imageId,
        Optional<String> terminationMessageFile,
        String logPath) {
    enum State {
        CREATED,
        RUNNING,
        EXITED,
        UNKNOWN
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    boolean hasExited() {
        return state == State.EXITED;
    }

    boolean hasSucceeded() {
        return hasExited() && exitCode == 0;
    }

    ObservedContainer withMessage(String words) {
        return new ObservedContainer(
                id,
                name,
                sandboxId,
                state,
                restartCount,
                hash,
                createdAt,
                startedAt,
                finishedAt,
                exitCode,
                reason,
                words,
                image,
                imageId,
                terminationMessageFile,
                logPath);
    }

    static ObservedContainer of(ContainerStatus status, String sandboxId) {
        var annotations = status.getAnnotationsMap();
        var messagePath = annotations.getOrDefault(Labels.TERMINATION_MESSAGE_PATH, "");
        return new ObservedContainer(
                status.getId(),
                status.getMetadata().getName(),
                sandboxId,
                state(status),
                restartCount(status),
                annotations.getOrDefault(Labels.CONTAINER_HASH, ""),
                instant(status.getCreatedAt()),
                instant(status.getStartedAt()),
                instant(status.getFinishedAt()),
                status.getExitCode(),
                status.getReason(),
                status.getMessage(),
                status.getImage().getImage(),
                status.getImageRef(),
                status.getMountsList().stream()
                        .filter(mount -> !messagePath.isEmpty()
                                && mount.getContainerPath().equals(messagePath))
                        .map(mount -> mount.getHostPath())
                        .findFirst(),
                status.getLogPath());
    }

    private static State state(ContainerStatus status) {
        return switch (status.getState()) {
            case CONTAINER_CREATED -> State.CREATED;
            case CONTAINER_RUNNING -> State.RUNNING;
            case CONTAINER_EXITED -> State.EXITED;
            case CONTAINER_UNKNOWN, UNRECOGNIZED -> State.UNKNOWN;
        };
    }

    private static int restartCount(ContainerStatus status) {
        var noted = status.getAnnotationsMap().get(Labels.RESTART_COUNT);
        return noted == null ? status.getMetadata().getAttempt() : Integer.parseInt(noted);
    }

    /// The runtime's zero time stays the epoch.
    private static Instant instant(long nanos) {
        return nanos <= 0 ? Instant.EPOCH : Instant.ofEpochSecond(0, nanos);
    }
}
