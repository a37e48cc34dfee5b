package dev.kapal.apiserver.api;

/// Why a request was refused, in words that clients switch on. Source: `meta/v1` `StatusReason`.
public enum Reason {
    UNKNOWN("", 500),
    UNAUTHORIZED("Unauthorized", 401),
    FORBIDDEN("Forbidden", 403),
    NOT_FOUND("NotFound", 404),
    ALREADY_EXISTS("AlreadyExists", 409),
    CONFLICT("Conflict", 409),
    GONE("Gone", 410),
    INVALID("Invalid", 422),
    SERVER_TIMEOUT("ServerTimeout", 500),
    TIMEOUT("Timeout", 504),
    TOO_MANY_REQUESTS("TooManyRequests", 429),
    BAD_REQUEST("BadRequest", 400),
    METHOD_NOT_ALLOWED("MethodNotAllowed", 405),
    NOT_ACCEPTABLE("NotAcceptable", 406),
    REQUEST_ENTITY_TOO_LARGE("RequestEntityTooLarge", 413),
    UNSUPPORTED_MEDIA_TYPE("UnsupportedMediaType", 415),
    INTERNAL_ERROR("InternalError", 500),
    EXPIRED("Expired", 410),
    SERVICE_UNAVAILABLE("ServiceUnavailable", 503),
    /// Ours: the disk is full. Upstream has no word for it.
    INSUFFICIENT_STORAGE("InsufficientStorage", 507);

    private final String text;
    private final int code;

    Reason(String text, int code) {
        this.text = text;
        this.code = code;
    }

    public String text() {
        return text;
    }

    /// The HTTP status that usually goes with it.
    public int code() {
        return code;
    }
}
