package dev.kapal.apiserver.encryption;

import dev.kapal.base.log.Log;
import dev.kapal.store.Range;
import dev.kapal.store.Store;
import dev.kapal.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The store it wraps, with some of the values encrypted in it. Any thread. Everything on this side is plain: caches
/// and answers do not know, and an object is decrypted once, when it comes from the store.
public final class EncryptedStore implements Store {
    private static final Log log = Log.of(EncryptedStore.class);
    private static final int PAGE = 200;

    private final Store store;
    private volatile EncryptionConfig config;

    private EncryptedStore(Store store, EncryptionConfig config) {
        this.store = store;
        this.config = config;
    }

    public static EncryptedStore around(Store store, EncryptionConfig config) {
        return new EncryptedStore(store, config);
    }

    /// From now on values are sealed as `next` says. It must open what is stored.
    void configure(EncryptionConfig next) {
        var before = config;
        config = next;
        before.close();
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public long compacted() {
        return store.compacted();
    }

    @Override
    public Write put(String key, byte[] value, Expect expect) throws InterruptedException {
        var providers = config.of(key);
        return providers.isEmpty()
                ? store.put(key, value, expect)
                : opened(store.put(key, providers.get().seal(value, key), expect), providers.get());
    }

    @Override
    public Write delete(String key, Expect expect) throws InterruptedException {
        var write = store.delete(key, expect);
        var providers = config.of(key);
        return providers.isEmpty() ? write : opened(write, providers.get());
    }

    private static Write opened(Write write, Providers providers) {
        return switch (write) {
            case Write.Done(long revision, var previous) ->
                new Write.Done(revision, previous.map(entry -> openedIfPossible(entry, providers)));
            case Write.Stale(var current, long at) ->
                new Write.Stale(current.map(entry -> opened(entry, providers)), at);
        };
    }

    @Override
    public Read range(Range range, long revision, int limit) {
        return switch (store.range(range, revision, limit)) {
            case Read.Page page ->
                new Read.Page(
                        page.entries().stream().map(this::opened).toList(),
                        page.revision(),
                        page.more(),
                        page.remaining());
            case Read.Compacted compacted -> compacted;
            case Read.Future future -> future;
        };
    }

    @Override
    public Optional<Entry> get(String key) {
        return store.get(key).map(this::opened);
    }

    private Entry opened(Entry entry) {
        var providers = config.of(entry.key());
        return providers.isEmpty() ? entry : opened(entry, providers.get());
    }

    private static Entry opened(Entry entry, Providers providers) {
        return new Entry(
                entry.key(), providers.open(entry.value(), entry.key()), entry.createRevision(), entry.modRevision());
    }

    /// What was overwritten may have been written with a key that is gone; that is no reason to refuse the change.
    private static Entry openedIfPossible(Entry entry, Providers providers) {
        try {
            return opened(entry, providers);
        } catch (StoreException keyIsGone) {
            return new Entry(entry.key(), new byte[0], entry.createRevision(), entry.modRevision());
        }
    }

    @Override
    public Watch watch(String prefix, long afterRevision) {
        return new OpeningWatch(store.watch(prefix, afterRevision));
    }

    private final class OpeningWatch implements Watch {
        private final Watch watch;

        OpeningWatch(Watch watch) {
            this.watch = watch;
        }

        @Override
        public Batch next(Duration timeout) throws InterruptedException {
            var batch = watch.next(timeout);
            if (!(batch instanceof Batch.Events(var events))
                    || events.stream().allMatch(event -> config.of(event.key()).isEmpty())) {
                return batch;
            }
            return new Batch.Events(
                    events.stream().map(EncryptedStore.this::opened).toList());
        }

        @Override
        public void close() {
            watch.close();
        }
    }

    private Event opened(Event event) {
        var providers = config.of(event.key());
        if (providers.isEmpty()) {
            return event;
        }
        return new Event(
                event.revision(),
                event.key(),
                event.value().map(value -> providers.get().open(value, event.key())),
                event.previous().map(entry -> openedIfPossible(entry, providers.get())));
    }

    /// Writes anew what is stored otherwise than it would be stored now: plain values after encryption was turned on,
    /// values under an old key after a new one came. Answers how many there were. Harmless to repeat.
    public int reencrypt() throws InterruptedException {
        int rewritten = 0;
        for (var prefix : config.prefixes()) {
            rewritten += reencrypt(Range.prefix(prefix));
        }
        if (rewritten > 0) {
            log.info("stored objects encrypted anew", "objects", rewritten);
        }
        return rewritten;
    }

    private int reencrypt(Range range) throws InterruptedException {
        int rewritten = 0;
        var rest = range;
        while (true) {
            if (!(store.range(rest, 0, PAGE) instanceof Read.Page page)) {
                throw new StoreException("the newest state cannot be read");
            }
            rewritten += reencrypt(page.entries());
            if (!page.more()) {
                return rewritten;
            }
            rest = rest.after(page.entries().getLast().key());
        }
    }

    private int reencrypt(List<Entry> entries) throws InterruptedException {
        int rewritten = 0;
        for (var entry : entries) {
            var providers = config.of(entry.key());
            if (providers.isPresent() && providers.get().isOutdated(entry.value())) {
                byte[] plain = providers.get().open(entry.value(), entry.key());
                // Whoever was faster has written it in the right form.
                if (store.put(entry.key(), providers.get().seal(plain, entry.key()), Expect.at(entry.modRevision()))
                        instanceof Write.Done) {
                    rewritten++;
                }
            }
        }
        return rewritten;
    }

    @Override
    public void compact(long revision) throws InterruptedException {
        store.compact(revision);
    }

    @Override
    public void close() {
        store.close();
        config.close();
    }
}
