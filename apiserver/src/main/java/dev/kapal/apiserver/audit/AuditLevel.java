package dev.kapal.apiserver.audit;

/// How much of a request is logged. Each level holds what the one before holds.
public enum AuditLevel {
    /// Nothing.
    NONE("None"),
    /// Who did what, when, and how it ended.
    METADATA("Metadata"),
    /// What the client sent, too.
    REQUEST("Request"),
    /// What it was answered, too.
    REQUEST_RESPONSE("RequestResponse");

    private final String text;

    AuditLevel(String text) {
        this.text = text;
    }

    /// As policies and events write it.
    public String text() {
        return text;
    }

    boolean holds(AuditLevel other) {
        return compareTo(other) >= 0;
    }
}
