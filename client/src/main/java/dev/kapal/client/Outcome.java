package dev.kapal.client;

import java.time.Duration;

/// How a reconciliation ended. Anything thrown instead means: back off and try again.
public sealed interface Outcome {
    /// The world is as wanted; a change will wake us.
    record Settled() implements Outcome {}

    /// Nothing more to do before `after` has passed.
    record Again(Duration after, String why) implements Outcome {}

    /// It can never succeed as it stands; only a change of the object is worth another try.
    record GiveUp(String why) implements Outcome {}

    static Outcome settled() {
        return new Settled();
    }

    static Outcome again(Duration after, String why) {
        return new Again(after, why);
    }
}
