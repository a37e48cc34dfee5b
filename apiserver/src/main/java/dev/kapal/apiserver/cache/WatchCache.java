package dev.kapal.apiserver.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// All objects of one resource and its recent events. The feed writes, any thread reads: a reader takes one immutable
/// [Snapshot] and needs no lock.
public final class WatchCache {
    private final Progress progress;
    private final History history;
    private final Queue<Cursor> waiting = new ConcurrentLinkedQueue<>();
    private volatile FieldReader reader = FieldReader.NONE;
    /// What objects are given: reads as the reader of the day does.
    private final FieldReader late = new Late();
    /// The feed's last word; its chain goes on from `tail`.
    private volatile Image image;

    private record Image(SortedTree<CachedObject> objects, CacheEvent tail) {}

    WatchCache(Progress progress, long revision) {
        this.progress = progress;
        var origin = CacheEvent.origin(0, revision, SortedTree.empty());
        this.history = new History(origin);
        this.image = new Image(SortedTree.empty(), origin);
    }

    private final class Late implements FieldReader {
        @Override
        public Map<String, String> fields(ObjectNode object) {
            return reader.fields(object);
        }

        @Override
        public FieldReader current() {
            return reader;
        }
    }

    /// All objects as of one revision.
    ///
    /// @param revision at least the one that the whole cache had reached
    public record Snapshot(SortedTree<CachedObject> objects, long revision) {}

    /// How field selectors read objects of this resource.
    public void readFields(FieldReader fields) {
        reader = fields;
    }

    public Optional<CachedObject> find(String key) {
        return image.objects.find(key);
    }

    /// An object as the store has it, outside of any snapshot.
    public CachedObject wrap(String key, long revision, byte[] stored) {
        return CachedObject.ofStored(key, revision, stored, late);
    }

    public Snapshot snapshot() {
        long reached = progress.revision(); // before the image: the image holds at least all of it
        var current = image;
        return new Snapshot(current.objects, Math.max(reached, current.tail.revision()));
    }

    /// The state as of `revision`, which has been reached; empty when it is forgotten here.
    public Optional<Snapshot> snapshotAt(long revision) {
        return history.at(revision).map(event -> new Snapshot(event.after(), revision));
    }

    /// Follows what comes after `revision`; empty when that is forgotten.
    public Optional<Cursor> follow(long revision) {
        return history.at(revision).map(event -> new Cursor(this, event, revision));
    }

    /// Follows what comes after the present state, which is the cursor's [Cursor#initial()].
    public Cursor follow() {
        long reached = progress.revision();
        var current = image;
        return new Cursor(this, current.tail, Math.max(reached, current.tail.revision()), current.objects);
    }

    /// The oldest revision that [#follow(long)] and [#snapshotAt(long)] know.
    public long oldest() {
        return history.oldest();
    }

    // the feed's side

    void put(String key, long revision, byte[] stored, long nanos) {
        var object = wrap(key, revision, stored);
        var previous = image.objects.find(key);
        append(
                previous.isPresent() ? CacheEvent.Type.MODIFIED : CacheEvent.Type.ADDED,
                object,
                previous,
                image.objects.with(key, object),
                nanos);
    }

    void remove(String key, long revision, long nanos) {
        var previous = image.objects.find(key);
        if (previous.isPresent()) {
            var last = previous.get().at(revision);
            append(CacheEvent.Type.DELETED, last, previous, image.objects.without(key), nanos);
        }
    }

    private void append(
            CacheEvent.Type type,
            CachedObject object,
            Optional<CachedObject> previous,
            SortedTree<CachedObject> objects,
            long nanos) {
        var tail = image.tail;
        var event = tail.followedBy(type, object, previous, objects, nanos);
        history.append(event);
        image = new Image(objects, event);
        tail.next(event);
    }

    /// Takes `objects` as the state as of `revision` and forgets everything before: on load, and when events were
    /// lost.
    void reset(SortedTree<CachedObject> objects, long revision) {
        var origin = CacheEvent.origin(image.tail.sequence() + 1, revision, objects);
        image = new Image(objects, origin);
        history.reset(origin);
        wake();
    }

    FieldReader fields() {
        return late;
    }

    void wake() {
        for (var cursor = waiting.poll(); cursor != null; cursor = waiting.poll()) {
            cursor.wake();
        }
    }

    // the cursors' side

    void enlist(Cursor cursor) {
        waiting.add(cursor);
    }

    void delist(Cursor cursor) {
        waiting.remove(cursor);
    }

    boolean forgot(CacheEvent event) {
        return history.forgot(event);
    }

    long reached() {
        return progress.revision();
    }
}
