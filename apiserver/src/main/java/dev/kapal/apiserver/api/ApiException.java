package dev.kapal.apiserver.api;

import dev.kapal.model.GroupResource;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Problem;
import java.util.List;

/// A refusal to an API client, with the words of upstream's `api/errors`. Unchecked: it travels from wherever the
/// reason is found to the one place that writes it.
public final class ApiException extends RuntimeException {
    private final transient Status status;

    public ApiException(Status status) {
        super(status.message(), null, false, false); // a refusal is an answer: no stack trace
        this.status = status;
    }

    public Status status() {
        return status;
    }

    private static ApiException of(Reason reason, String message) {
        return new ApiException(Status.failure(reason.code(), reason, message));
    }

    private static ApiException of(Reason reason, String message, Status.Details details) {
        return new ApiException(Status.failure(reason.code(), reason, message, details));
    }

    private static Status.Details details(GroupResource resource, String name) {
        return Status.Details.of(name, resource.group(), resource.resource());
    }

    public static ApiException notFound(GroupResource resource, String name) {
        return of(Reason.NOT_FOUND, resource + " \"" + name + "\" not found", details(resource, name));
    }

    /// For paths that lead nowhere.
    public static ApiException noSuchResource() {
        return of(Reason.NOT_FOUND, "the server could not find the requested resource", Status.Details.of("", "", ""));
    }

    public static ApiException alreadyExists(GroupResource resource, String name) {
        return of(Reason.ALREADY_EXISTS, resource + " \"" + name + "\" already exists", details(resource, name));
    }

    /// No free name was found for a `generateName`.
    public static ApiException generateNameConflict(GroupResource resource, String name) {
        return of(
                Reason.ALREADY_EXISTS,
                resource + " \"" + name
                        + "\" already exists, the server was not able to generate a unique name for the object",
                details(resource, name).retryAfter(1));
    }

    public static ApiException unauthorized() {
        return of(Reason.UNAUTHORIZED, "Unauthorized");
    }

    /// @param name empty when no single object was meant
    public static ApiException forbidden(GroupResource resource, String name, String why) {
        String subject;
        if (resource.resource().isEmpty()) {
            subject = "forbidden: ";
        } else if (name.isEmpty()) {
            subject = resource + " is forbidden: ";
        } else {
            subject = resource + " \"" + name + "\" is forbidden: ";
        }
        return of(Reason.FORBIDDEN, subject + why, details(resource, name));
    }

    public static ApiException conflict(GroupResource resource, String name, String why) {
        return of(
                Reason.CONFLICT,
                "Operation cannot be fulfilled on " + resource + " \"" + name + "\": " + why,
                details(resource, name));
    }

    /// The write was based on an older version of the object.
    public static ApiException modified(GroupResource resource, String name) {
        return conflict(
                resource,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static ApiException expired(String message) {
        return of(Reason.EXPIRED, message);
    }

    public static ApiException gone(String message) {
        return of(Reason.GONE, message);
    }

    /// One `Status` with every problem as a cause.
    public static ApiException invalid(GroupVersionKind kind, String name, List<Problem> problems) {
        var causes = problems.stream()
                .map(p -> new Status.Cause(p.type().reason(), p.body(), p.path()))
                .toList();
        var messages = problems.stream().map(Problem::message).distinct().toList();
        var all = messages.size() == 1 ? messages.getFirst() : "[" + String.join(", ", messages) + "]";
        var groupKind = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
        return of(
                Reason.INVALID,
                groupKind + " \"" + name + "\" is invalid" + (problems.isEmpty() ? "" : ": " + all),
                Status.Details.of(name, kind.group(), kind.kind()).causes(causes));
    }

    public static ApiException badRequest(String message) {
        return of(Reason.BAD_REQUEST, message);
    }

    public static ApiException methodNotAllowed(GroupResource resource, String action) {
        return of(
                Reason.METHOD_NOT_ALLOWED,
                action + " is not supported on resources of kind \"" + resource + "\"",
                Status.Details.of("", resource.group(), resource.resource()));
    }

    /// The path exists, the method does not.
    public static ApiException methodNotAllowed() {
        return of(Reason.METHOD_NOT_ALLOWED, "the server does not allow this method on the requested resource");
    }

    public static ApiException notAcceptable(List<String> mediaTypes) {
        return of(
                Reason.NOT_ACCEPTABLE, "only the following media types are accepted: " + String.join(", ", mediaTypes));
    }

    /// Objects of `resource` cannot be rows.
    public static ApiException noTable(GroupResource resource) {
        return of(Reason.NOT_ACCEPTABLE, "the resource " + resource + " does not support being converted to a Table");
    }

    public static ApiException unsupportedMediaType(List<String> mediaTypes) {
        return of(
                Reason.UNSUPPORTED_MEDIA_TYPE,
                "the body of the request was in an unknown format - accepted media types include: "
                        + String.join(", ", mediaTypes));
    }

    public static ApiException tooLarge(String why) {
        return of(Reason.REQUEST_ENTITY_TOO_LARGE, "Request entity too large: " + why);
    }

    public static ApiException tooManyRequests() {
        return of(
                Reason.TOO_MANY_REQUESTS,
                "Too many requests, please try again later.",
                Status.Details.of("", "", "").retryAfter(1));
    }

    /// A read that asks for a revision which does not exist yet.
    public static ApiException tooLargeResourceVersion(long wanted, long current) {
        var cause = new Status.Cause("ResourceVersionTooLarge", "Too large resource version", "");
        return of(
                Reason.TIMEOUT,
                "Timeout: Too large resource version: " + wanted + ", current: " + current,
                Status.Details.of("", "", "").causes(List.of(cause)).retryAfter(1));
    }

    /// The request took longer than the server gives one.
    public static ApiException late() {
        return timeout("request did not complete within the allotted timeout", 0);
    }

    public static ApiException timeout(String message, int retryAfterSeconds) {
        return of(
                Reason.TIMEOUT,
                "Timeout: " + message,
                Status.Details.of("", "", "").retryAfter(retryAfterSeconds));
    }

    public static ApiException serviceUnavailable(String why) {
        return of(Reason.SERVICE_UNAVAILABLE, why);
    }

    public static ApiException internal(String why) {
        return of(
                Reason.INTERNAL_ERROR,
                "Internal error occurred: " + why,
                Status.Details.of("", "", "").causes(List.of(new Status.Cause("", why, ""))));
    }

    /// The disk is full: nothing was written, reads go on.
    public static ApiException insufficientStorage(String why) {
        return of(Reason.INSUFFICIENT_STORAGE, "the write was refused, nothing was changed: " + why);
    }
}
