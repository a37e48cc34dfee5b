package dev.kapal.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Comparator;

/// Which object of a kind: its namespace (empty for cluster-scoped kinds) and name. Immutable; any thread.
public record Key(String namespace, String name) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::namespace).thenComparing(Key::name);

    public Key {
        namespace = namespace == null ? "" : namespace;
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("a key needs a name, in namespace \"" + namespace + "\"");
        }
    }

    public static Key of(HasMetadata object) {
        return of(object.getMetadata());
    }

    public static Key of(ObjectMeta metadata) {
        return new Key(metadata.getNamespace(), metadata.getName());
    }

    /// The key of a cluster-scoped object.
    public static Key cluster(String name) {
        return new Key("", name);
    }

    @Override
    public int compareTo(Key other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
