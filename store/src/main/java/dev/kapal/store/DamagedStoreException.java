package dev.kapal.store;

/// A file of the store is damaged or missing; the message names it. Nothing was changed or deleted.
public final class DamagedStoreException extends StoreException {
    private static final long serialVersionUID = 1;

    public DamagedStoreException(String message) {
        super(message);
    }

    public DamagedStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
