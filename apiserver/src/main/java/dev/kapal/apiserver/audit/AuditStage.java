package dev.kapal.apiserver.audit;

/// When in a request's life an event is written.
public enum AuditStage {
    /// It is known who asks for what.
    REQUEST_RECEIVED("RequestReceived"),
    /// The head of an answer that lasts has been sent: watches, logs, exec.
    RESPONSE_STARTED("ResponseStarted"),
    /// The answer is complete, or broke off.
    RESPONSE_COMPLETE("ResponseComplete"),
    /// A defect of the server ended it.
    PANIC("Panic");

    private final String text;

    AuditStage(String text) {
        this.text = text;
    }

    /// As policies and events write it.
    public String text() {
        return text;
    }
}
