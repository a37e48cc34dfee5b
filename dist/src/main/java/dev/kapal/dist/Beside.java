package dev.kapal.dist;

import dev.kapal.base.life.Life;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Work that goes on beside who started it, until its result is needed. A thread of its own; any thread may ask.
final class Beside<T> {
    private final FutureTask<T> task;

    private Beside(Callable<T> work) {
        task = new FutureTask<>(work);
    }

    /// @param life ends with the work, or breaks it off
    static <T> Beside<T> start(Life life, String name, Callable<T> work) {
        var beside = new Beside<>(work);
        life.start(name, beside.task::run);
        return beside;
    }

    /// Waits for the work's end, and throws what it threw.
    T result() throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case IOException broken -> throw broken;
                case InterruptedException ended -> throw ended;
                case RuntimeException broken -> throw broken;
                default -> throw new IllegalStateException(failure.getCause());
            }
        }
    }
}
