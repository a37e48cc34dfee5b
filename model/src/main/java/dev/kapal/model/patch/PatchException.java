package dev.kapal.model.patch;

/// A patch that cannot be applied, with upstream's wording.
///
/// The code is 400 for a patch that is malformed, 415 for a format that the type does not support and 422 for one that
/// does not fit the object.
public final class PatchException extends RuntimeException {
    private final int code;

    public PatchException(int code, String message) {
        super(message);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
