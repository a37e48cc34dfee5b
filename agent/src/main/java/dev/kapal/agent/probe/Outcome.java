package dev.kapal.agent.probe;

/// How one check went; `output` is what an event says of it.
public sealed interface Outcome {
    record Success() implements Outcome {}

    /// Success, with something to tell.
    record Warning(String output) implements Outcome {}

    record Failure(String output) implements Outcome {}

    /// The check could not be made; says nothing of the container.
    record Broken(String output) implements Outcome {}
}
