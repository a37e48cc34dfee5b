package dev.kapal.store;

/// No space is left on the store's disk. The write was not applied; reads go on, and writes work again once there is
/// space.
public final class StoreFullException extends StoreException {
    private static final long serialVersionUID = 1;

    public StoreFullException(String message) {
        super(message);
    }

    public StoreFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
