package dev.kapal.agent.env;

/// A container's configuration refers to what is not there (yet). The message is upstream's; it becomes that of the
/// waiting reason `CreateContainerConfigError`.
public final class MissingConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MissingConfigException(String message) {
        super(message);
    }
}
