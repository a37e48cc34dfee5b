package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.cache.StoredForm;
import dev.kapal.apiserver.cache.WatchCache;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.store.Store;
import dev.kapal.store.Store.Expect;
import dev.kapal.store.StoreFullException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where the objects of one resource lie: reads come from the watch cache, writes go to the store with an
/// expectation.
/// Any thread.
final class Shelf {
    private static final String NO_NAMESPACE = "_";
    /// In bytes: what etcd takes in one request, whatever the store is.
    private static final int LARGEST = 3 * 512 * 1024;

    private final String prefix;
    private final WatchCaches caches;
    private final WatchCache cache;
    private final Store store;
    private final Forms forms;

    Shelf(Forms forms, WatchCaches caches, Store store) {
        var name = forms.stored().groupResource();
        var resource = (name.group().isEmpty() ? "core" : name.group()) + "/" + name.resource();
        this.forms = forms;
        this.prefix = WatchCaches.ROOT + resource + "/";
        this.caches = caches;
        this.cache = caches.cache(resource);
        this.store = store;
    }

    /// The answer to a write.
    sealed interface Outcome {
        /// Written; `json` is the object with its new version, as it is stored.
        record Done(byte[] json, long revision) implements Outcome {}

        /// Not written: the object is `current`.
        record Stale(Optional<CachedObject> current) implements Outcome {}
    }

    String prefix() {
        return prefix;
    }

    WatchCache cache() {
        return cache;
    }

    /// The object as of the newest write.
    Optional<CachedObject> newest(String namespace, String name) throws InterruptedException {
        return atLeast(store.revision(), namespace, name);
    }

    /// All objects of a namespace, or of all for an empty one, as of the newest write.
    List<CachedObject> all(String namespace) throws InterruptedException {
        awaitFresh(store.revision());
        var objects = cache.snapshot().objects();
        if (objects.size() == 0) {
            return List.of();
        }
        var found = new ArrayList<CachedObject>();
        var first = namespace.isEmpty() ? "" : namespace + "/";
        var end = namespace.isEmpty() ? "\uffff" : namespace + "0"; // the zero comes right after the slash
        objects.visit(first, end, object -> found.add(object));
        return found;
    }

    private void awaitFresh(long revision) throws InterruptedException {
        if (!caches.awaitFresh(revision)) {
            throw ApiException.tooLargeResourceVersion(revision, caches.reached());
        }
    }

    /// The object as of `revision` or later; throws when that does not come.
    Optional<CachedObject> atLeast(long revision, String namespace, String name) throws InterruptedException {
        awaitFresh(revision);
        return cache.find(key(namespace, name));
    }

    /// Writes a new object; the document is left without a resourceVersion.
    Outcome create(String namespace, String name, ObjectNode document) throws InterruptedException {
        return put(key(namespace, name), document, Expect.ABSENT);
    }

    /// Replaces what was last written at `revision`.
    Outcome replace(String namespace, String name, ObjectNode document, long revision) throws InterruptedException {
        return put(key(namespace, name), document, Expect.at(revision));
    }

    Outcome remove(String namespace, String name, long revision) throws InterruptedException {
        var key = key(namespace, name);
        try {
            return switch (store.delete(prefix + key, Expect.at(revision))) {
                case Store.Write.Done done -> new Outcome.Done(new byte[0], done.revision());
                case Store.Write.Stale(var current, long at) -> stale(key, current);
            };
        } catch (StoreFullException full) {
            throw ApiException.insufficientStorage(full.getMessage());
        }
    }

    private Outcome put(String key, ObjectNode document, Expect expect) throws InterruptedException {
        byte[] stored = StoredForm.encode(forms.toStored(document));
        if (stored.length > LARGEST) {
            throw new ApiException(Status.failure(500, Reason.UNKNOWN, "etcdserver: request is too large"));
        }
        try {
            return switch (store.put(prefix + key, stored, expect)) {
                case Store.Write.Done done ->
                    new Outcome.Done(StoredForm.withVersion(stored, done.revision()), done.revision());
                case Store.Write.Stale(var current, long at) -> stale(key, current);
            };
        } catch (StoreFullException full) {
            throw ApiException.insufficientStorage(full.getMessage());
        }
    }

    private Outcome stale(String key, Optional<Store.Entry> current) {
        return new Outcome.Stale(current.map(entry -> cache.wrap(key, entry.modRevision(), entry.value())));
    }

    private static String key(String namespace, String name) {
        return (namespace.isEmpty() ? NO_NAMESPACE : namespace) + "/" + name;
    }
}
