package dev.kapal.apiserver.webhook;

/// A webhook that could not be called, or did not answer as it must. The message is for the client.
public final class WebhookFailure extends Exception {
    private final int code;

    /// @param code the HTTP status of the answer; 0 without one
    public WebhookFailure(String message, int code) {
        super(message, null, false, false);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
