package dev.kapal.apiserver.health;

import java.util.Optional;

/// One question about the server's health. Any thread; answers at once.
///
/// @param name as the pages show it: `etcd`
/// @param objection empty when all is well, else why not (for the log, not for the client)
/// @param onlyReady whether a failure means "send me no requests" but not "restart me"
public record Check(String name, Objection objection, boolean onlyReady) {

    @FunctionalInterface
    public interface Objection {
        Optional<String> find();
    }

    public static Check alive(String name, Objection objection) {
        return new Check(name, objection, false);
    }

    public static Check ready(String name, Objection objection) {
        return new Check(name, objection, true);
    }
}
