package dev.kapal.agent.pod;

/// A container could not be started; says with which waiting reason and message.
final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    StartException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /// Whether the runtime has a container to show for it.
    boolean leftContainer() {
        return reason.equals(Waiting.RUN_ERROR) || reason.equals(Waiting.POST_START_ERROR);
    }

    Waiting waiting() {
        return new Waiting(reason, getMessage());
    }
}
