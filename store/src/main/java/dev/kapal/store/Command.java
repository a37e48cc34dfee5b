package dev.kapal.store;

import dev.kapal.store.Store.Expect;
import dev.kapal.store.Store.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/// What waits for the store's writer.
sealed interface Command {
    /// Completed by the writer once the command is durable or refused.
    CompletableFuture<?> answer();

    /// A put, or a delete when there is no value.
    record Change(String key, Optional<byte[]> value, Expect expect, CompletableFuture<Write> answer)
            implements Command {}

    /// Moves the compacted revision, or removes what nobody can read any more.
    record Forget(OptionalLong compacted, List<byte[]> garbage, CompletableFuture<Void> answer) implements Command {}
}
