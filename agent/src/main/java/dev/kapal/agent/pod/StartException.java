package dev.kapal.agent.pod;

/// A container could not be started; says with which waiting reason and message.
final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    StartException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    Waiting waiting() {
        return new Waiting(reason, getMessage());
    }
}
