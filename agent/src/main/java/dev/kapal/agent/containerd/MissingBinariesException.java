package dev.kapal.agent.containerd;

/// Programs that running containers takes are not installed; the message is one sentence with what to install.
public final class MissingBinariesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingBinariesException(String message) {
        super(message);
    }
}
