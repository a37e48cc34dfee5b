package dev.kapal.model.patch;

/// A patch that cannot be applied, with upstream's code and message.
///
/// The code is 400 for a patch that is malformed, 413 for one with too many operations, 422 for one that does not fit
/// the
/// object, and 500 where upstream has no better answer.
public final class PatchException extends RuntimeException {
    static final int MALFORMED = 400;
    static final int TOO_LARGE = 413;
    static final int UNPROCESSABLE = 422;
    static final int INTERNAL = 500;

    private final int code;
    private final String detail;

    PatchException(int code, String message, String detail) {
        super(message);
        this.code = code;
        this.detail = detail;
    }

    static PatchException malformed(String message) {
        return new PatchException(MALFORMED, message, message);
    }

    /// Upstream tells clients no more than this sentence.
    static PatchException unprocessable(String detail) {
        return new PatchException(
                UNPROCESSABLE, "the server rejected our request due to an error in our request", detail);
    }

    static PatchException internal(String message) {
        return new PatchException(INTERNAL, message, message);
    }

    public int code() {
        return code;
    }

    /// What exactly did not fit, for logs.
    public String detail() {
        return detail;
    }
}
