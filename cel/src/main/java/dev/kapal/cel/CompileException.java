package dev.kapal.cel;

/// An expression that does not compile. The message lists what is wrong and where, as upstream's does:
/// `compilation failed: ERROR: <input>:1:1: …`.
public final class CompileException extends RuntimeException {
    public CompileException(String message) {
        super(message, null, false, false);
    }
}
