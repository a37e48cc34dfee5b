package dev.kapal.apiserver.cache;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// One change of one object, a link in the chain of all changes of its resource. What goes over the wire is composed
/// once and shared by all watchers. Any thread.
public final class CacheEvent {

    /// What a watcher is told.
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED;

        private final byte[] head = ascii("{\"type\":\"" + name() + "\",\"object\":");

        /// One line of a watch.
        public byte[] frame(byte[] json) {
            byte[] frame = new byte[head.length + json.length + 2];
            System.arraycopy(head, 0, frame, 0, head.length);
            System.arraycopy(json, 0, frame, head.length, json.length);
            frame[frame.length - 2] = '}';
            frame[frame.length - 1] = '\n';
            return frame;
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }

    private final long sequence;
    private final long revision;
    private final long nanos;
    private final Type type;
    private final CachedObject object;
    private final Optional<CachedObject> previous;
    private final SortedTree<CachedObject> after;
    private final AtomicReferenceArray<byte[]> frames = new AtomicReferenceArray<>(Type.values().length);
    /// Set once by the feed; cut to null when the event falls out of the history.
    private volatile CacheEvent next;

    private CacheEvent(
            long sequence,
            long revision,
            long nanos,
            Type type,
            CachedObject object,
            Optional<CachedObject> previous,
            SortedTree<CachedObject> after) {
        this.sequence = sequence;
        this.revision = revision;
        this.nanos = nanos;
        this.type = type;
        this.object = object;
        this.previous = previous;
        this.after = after;
    }

    /// The start of a chain: the state `objects` as of `revision`.
    static CacheEvent origin(long sequence, long revision, SortedTree<CachedObject> objects) {
        return new CacheEvent(sequence, revision, 0, Type.MODIFIED, null, Optional.empty(), objects);
    }

    /// The event after this one, not yet linked. A delete shows the object as it last was.
    CacheEvent followedBy(
            Type type,
            CachedObject object,
            Optional<CachedObject> previous,
            SortedTree<CachedObject> after,
            long nanos) {
        return new CacheEvent(sequence + 1, object.revision(), nanos, type, object, previous, after);
    }

    public Type type() {
        return type;
    }

    /// The object after the change; after a delete, its last state with the revision of the delete.
    public CachedObject object() {
        return object;
    }

    /// The object before the change.
    public Optional<CachedObject> previous() {
        return previous;
    }

    public long revision() {
        return revision;
    }

    /// What a watcher gets that is to see this event as `seen`: a change can bring an object into a selection or take
    /// it out.
    public byte[] frame(Type seen) {
        byte[] frame = frames.get(seen.ordinal());
        if (frame == null) {
            frame = seen.frame(shown(seen).json());
            frames.set(seen.ordinal(), frame); // a race composes the same bytes twice, no harm
        }
        return frame;
    }

    /// As [#frame(Type)] in another version; there the object's bytes are shared, and framed for each watcher.
    public byte[] frame(Type seen, Rendering rendering) {
        var shown = shown(seen);
        return rendering.fits(shown.json()) ? frame(seen) : seen.frame(shown.json(rendering));
    }

    /// The object that goes with `seen`: one that leaves a selection is shown as it was while it belonged there.
    public CachedObject shown(Type seen) {
        return seen == Type.DELETED && type != Type.DELETED
                ? previous.orElseThrow().at(revision)
                : object;
    }

    long sequence() {
        return sequence;
    }

    /// When the cache learned of it, on the monotonic clock.
    public long nanos() {
        return nanos;
    }

    SortedTree<CachedObject> after() {
        return after;
    }

    CacheEvent next() {
        return next;
    }

    void next(CacheEvent event) {
        next = event;
    }
}
