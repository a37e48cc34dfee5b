package dev.kapal.cel;

import java.util.List;

/// What `authorizer` asks in an expression. Implemented by whoever evaluates; called on the evaluating thread.
@FunctionalInterface
public interface Authorization {
    Decision decide(Check check);

    /// One question.
    sealed interface Check {
        /// Whose rights are asked for: empty for the user of the request, else a service account's user name.
        String user();

        String verb();
    }

    /// May a resource be used? Selectors are in text form and empty when none was given.
    record ResourceCheck(
            String user,
            String verb,
            String group,
            String version,
            String resource,
            String subresource,
            String namespace,
            String name,
            String fieldSelector,
            String labelSelector)
            implements Check {}

    /// May a path that is no resource be used?
    record PathCheck(String user, String verb, String path) implements Check {}

    /// @param error what went wrong while deciding, empty when nothing did
    record Decision(boolean allowed, String reason, String error) {}

    /// The resource that a request is about: the value of the variable `authorizer.requestResource`.
    ///
    /// @param path group, version, resource, subresource, namespace, name
    record RequestResource(Authorization authorization, List<String> path) {
        public RequestResource {
            path = List.copyOf(path);
        }
    }
}
