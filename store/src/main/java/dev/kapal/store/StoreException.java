package dev.kapal.store;

/// The store could not do what was asked. Subclasses are the cases a caller may tell apart.
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
