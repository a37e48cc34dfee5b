package dev.kapal.agent.cri;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/// A call that the container runtime refused or did not answer.
///
/// [#getMessage()] reads as Go's gRPC prints it, because upstream puts it so into events; [#description()] is the
/// runtime's own sentence.
public final class CriException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Code code;
    private final String description;

    public CriException(Code code, String description) {
        super("rpc error: code = " + code.word + " desc = " + description);
        this.code = code;
        this.description = description;
    }

    /// The kind of failure, named as gRPC names it.
    public enum Code {
        CANCELLED("Canceled"),
        UNKNOWN("Unknown"),
        INVALID_ARGUMENT("InvalidArgument"),
        DEADLINE_EXCEEDED("DeadlineExceeded"),
        NOT_FOUND("NotFound"),
        ALREADY_EXISTS("AlreadyExists"),
        PERMISSION_DENIED("PermissionDenied"),
        RESOURCE_EXHAUSTED("ResourceExhausted"),
        FAILED_PRECONDITION("FailedPrecondition"),
        ABORTED("Aborted"),
        OUT_OF_RANGE("OutOfRange"),
        UNIMPLEMENTED("Unimplemented"),
        INTERNAL("Internal"),
        UNAVAILABLE("Unavailable"),
        DATA_LOSS("DataLoss"),
        UNAUTHENTICATED("Unauthenticated");

        private final String word;

        Code(String word) {
            this.word = word;
        }
    }

    public Code code() {
        return code;
    }

    public String description() {
        return description;
    }

    /// Whether the sandbox, container or image is simply not there.
    public boolean isNotFound() {
        return code == Code.NOT_FOUND;
    }

    /// Whether the runtime itself is not there, so that nothing is known about its containers.
    public boolean isUnavailable() {
        return code == Code.UNAVAILABLE;
    }

    static CriException of(StatusRuntimeException failure) {
        Status status = failure.getStatus();
        var text = status.getDescription();
        if (text == null || text.isEmpty()) {
            text = status.getCause() == null ? failure.getMessage() : String.valueOf(status.getCause());
        }
        var exception = new CriException(Code.valueOf(status.getCode().name()), text);
        exception.initCause(failure);
        return exception;
    }
}
