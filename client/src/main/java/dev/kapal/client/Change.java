package dev.kapal.client;

/// One step of an object's life as its cache saw it.
///
/// Steps may be merged: two updates can arrive as one, and an object deleted and made anew while the watch was away
/// arrives as `Updated` with another uid.
public sealed interface Change<T> {
    record Added<T>(T now) implements Change<T> {}

    record Updated<T>(T before, T now) implements Change<T> {}

    /// `last` is the last state that was seen.
    record Deleted<T>(T last) implements Change<T> {}

    /// The newest known state, also of what is gone.
    default T latest() {
        return switch (this) {
            case Added<T>(T now) -> now;
            case Updated<T>(T before, T now) -> now;
            case Deleted<T>(T last) -> last;
        };
    }
}
