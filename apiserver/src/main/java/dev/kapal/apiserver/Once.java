package dev.kapal.apiserver;

import java.util.function.Supplier;

/// Makes a value when it is first asked for, and keeps it. Any thread; a failure is not kept.
final class Once<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private volatile T made;

    Once(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public T get() {
        T known = made;
        return known != null ? known : make();
    }

    private synchronized T make() {
        if (made == null) {
            made = maker.get();
        }
        return made;
    }
}
