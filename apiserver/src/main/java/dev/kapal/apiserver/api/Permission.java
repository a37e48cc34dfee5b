package dev.kapal.apiserver.api;

/// Asks whether the user of a request may do something else than what the request says: an apply that finds nothing
/// creates. Any thread.
@FunctionalInterface
public interface Permission {
    Permission EVERYTHING = info -> {};

    /// Throws 403.
    void require(RequestInfo info) throws InterruptedException;
}
