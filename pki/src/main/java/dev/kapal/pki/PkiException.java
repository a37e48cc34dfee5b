package dev.kapal.pki;

/// Key material that is missing, broken or not what its file name promises. The message is for the operator.
public final class PkiException extends RuntimeException {
    public PkiException(String message) {
        super(message);
    }

    public PkiException(String message, Throwable cause) {
        super(message, cause);
    }
}
