package dev.kapal.apiserver.flow;

/// The seats that the request of the calling thread holds. Only watches give them back before they end.
public final class Seats {
    static final ScopedValue<Runnable> HELD = ScopedValue.newInstance();

    private Seats() {}

    /// The watch has sent what there was at its beginning; from now on it costs next to nothing. Without seats nothing
    /// happens.
    public static void giveBack() {
        if (HELD.isBound()) {
            HELD.get().run();
        }
    }
}
