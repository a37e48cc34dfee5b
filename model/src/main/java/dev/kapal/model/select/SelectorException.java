package dev.kapal.model.select;

/// A selector that cannot be read, with upstream's wording.
public final class SelectorException extends RuntimeException {
    public SelectorException(String message) {
        super(message);
    }
}
