package dev.kapal.e2e;

import java.util.concurrent.atomic.AtomicInteger;

/// A namespace of a story's own; deleted, with all that is in it, at the story's end.
record Namespace(Kubectl kubectl) implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    static Namespace create(Cluster cluster) {
        String name = "story-" + NUMBER.incrementAndGet() + "-" + Long.toString(System.nanoTime(), 36);
        cluster.kubectl().run("create", "namespace", name);
        return new Namespace(cluster.kubectl().in(name));
    }

    String name() {
        return kubectl.namespace();
    }

    @Override
    public void close() {
        kubectl.run("delete", "namespace", name(), "--timeout=60s");
    }
}
