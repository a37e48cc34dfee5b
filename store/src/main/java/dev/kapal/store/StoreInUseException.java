package dev.kapal.store;

/// Another process has the store open; the message names it.
public final class StoreInUseException extends StoreException {
    private static final long serialVersionUID = 1;

    public StoreInUseException(String message) {
        super(message);
    }

    public StoreInUseException(String message, Throwable cause) {
        super(message, cause);
    }
}
