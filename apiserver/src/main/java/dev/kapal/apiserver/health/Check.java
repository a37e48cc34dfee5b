package dev.kapal.apiserver.health;

import java.util.Optional;

/// One question about the server's health. Any thread; answers at once.
///
/// @param name as the pages show it: `etcd`
/// @param objection empty when all is well, else why not (for the log, not for the client)
public record Check(String name, Objection objection, Meaning meaning) {

    /// What a failure means.
    public enum Meaning {
        /// The server is broken.
        BROKEN,
        /// The server may only be starting.
        STARTING,
        /// The server is to be sent no requests.
        BUSY
    }

    @FunctionalInterface
    public interface Objection {
        Optional<String> find();
    }

    public static Check alive(String name, Objection objection) {
        return new Check(name, objection, Meaning.BROKEN);
    }

    public static Check started(String name, Objection objection) {
        return new Check(name, objection, Meaning.STARTING);
    }

    public static Check ready(String name, Objection objection) {
        return new Check(name, objection, Meaning.BUSY);
    }

    boolean onlyReady() {
        return meaning == Meaning.BUSY;
    }
}
