package dev.kapal.store;

/// The data was written by a newer version than this one, or is not a store at all.
public final class StoreFormatException extends StoreException {
    private static final long serialVersionUID = 1;

    public StoreFormatException(String message) {
        super(message);
    }

    public StoreFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
