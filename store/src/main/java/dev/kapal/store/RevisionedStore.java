package dev.kapal.store;

import dev.kapal.base.life.Life;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/// The contract over an [Engine]. Callers queue their writes and wait; one platform thread, the store's writer, takes
/// all that wait, decides them in order, commits them as one batch and answers. While it commits the next ones gather:
/// the slower the disk, the larger the groups.
final class RevisionedStore implements Store {
    /// The most commands in one commit, and the most that wait; more callers block before they queue.
    private static final int GROUP = 512;

    private static final int QUEUE = 4096;

    private final Engine engine;
    private final RevisionLog log;
    private final Watches watches;
    private final Life life;
    private final BlockingQueue<Command> commands = new ArrayBlockingQueue<>(QUEUE);
    /// Held by the one compaction that runs.
    private final ReentrantLock compacting = new ReentrantLock();

    /// Written by the store's writer only.
    private volatile long revision;

    private volatile long compacted;
    private volatile boolean closed;

    /// Takes over `engine` and closes it.
    RevisionedStore(Engine engine) {
        this.engine = engine;
        try (var cursor = engine.cursor()) {
            revision = RevisionLog.newest(cursor);
            compacted = RevisionLog.compacted(cursor);
        }
        log = new RevisionLog(engine);
        watches = new Watches(revision);
        life = new Life("store");
        life.startPlatform("writer", this::write);
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public long compacted() {
        return compacted;
    }

    @Override
    public Write put(String key, byte[] value, Expect expect) throws InterruptedException {
        return change(key, Optional.of(value), expect);
    }

    @Override
    public Write delete(String key, Expect expect) throws InterruptedException {
        return change(key, Optional.empty(), expect);
    }

    @Override
    public Read range(Range range, long at, int limit) {
        while (true) {
            long newest = revision;
            long wanted = at == 0 ? newest : at;
            if (wanted > newest) {
                return new Read.Future(newest);
            }
            Read.Page page;
            try (var versions = new Versions(engine)) {
                page = versions.page(range, wanted, limit);
            }
            // Looked at last: a compaction that overtook us may have removed what we came for.
            long forgotten = compacted;
            if (wanted >= forgotten) {
                return page;
            }
            if (at != 0) {
                return new Read.Compacted(forgotten);
            }
        }
    }

    @Override
    public Optional<Entry> get(String key) {
        while (true) {
            long newest = revision;
            try (var versions = new Versions(engine)) {
                var entry = versions.find(key, newest);
                if (newest >= compacted) {
                    return entry;
                }
            }
        }
    }

    @Override
    public Watch watch(String prefix, long afterRevision) {
        if (closed) {
            throw new StoreClosedException("the store is closed");
        }
        return new LogWatch(this, watches, prefix, afterRevision);
    }

    @Override
    public void compact(long at) throws InterruptedException {
        if (at > revision) {
            throw new IllegalArgumentException("cannot compact at " + at + ", the newest revision is " + revision);
        }
        compacting.lockInterruptibly();
        try {
            if (at <= compacted) {
                return;
            }
            await(new Command.Forget(OptionalLong.of(at), List.of(), new CompletableFuture<>()));
            var garbage = new Garbage(engine, at);
            for (var keys = garbage.next(); !keys.isEmpty(); keys = garbage.next()) {
                await(new Command.Forget(OptionalLong.empty(), keys, new CompletableFuture<>()));
            }
        } finally {
            compacting.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        life.close();
        refuse(drain(), new StoreClosedException("the store is closed"));
        watches.close();
        engine.close();
    }

    /// The changes under `prefix` after revision `after`; nothing when the log no longer reaches back to there.
    Optional<RevisionLog.Page> log(String prefix, long after) {
        var page = log.read(prefix, after, revision);
        return after < compacted ? Optional.empty() : Optional.of(page);
    }

    private Write change(String key, Optional<byte[]> value, Expect expect) throws InterruptedException {
        Layout.checkKey(key);
        var change = new Command.Change(key, value, expect, new CompletableFuture<>());
        await(change);
        return change.answer().resultNow();
    }

    private void await(Command command) throws InterruptedException {
        if (closed) {
            throw new StoreClosedException("the store is closed");
        }
        commands.put(command);
        if (closed) {
            // The writer may have ended before it saw this one.
            refuse(drain(), new StoreClosedException("the store is closed"));
        }
        try {
            command.answer().get();
        } catch (ExecutionException refused) {
            throw refusal(refused.getCause());
        }
    }

    /// The writer's exception, again from the caller's thread.
    private static StoreException refusal(Throwable cause) {
        return switch (cause) {
            case StoreFullException full -> new StoreFullException(full.getMessage(), full);
            case DamagedStoreException damaged -> new DamagedStoreException(damaged.getMessage(), damaged);
            case StoreClosedException closed -> new StoreClosedException(closed.getMessage(), closed);
            default -> new StoreException("the write failed: " + cause.getMessage(), cause);
        };
    }

    private void write() throws InterruptedException {
        var group = new ArrayList<Command>(GROUP);
        while (!Thread.interrupted()) {
            group.add(commands.take());
            commands.drainTo(group, GROUP - 1);
            try {
                commit(group);
            } catch (RuntimeException failure) {
                refuse(group, failure);
            }
            group.clear();
        }
    }

    private void commit(List<Command> commands) {
        WriteGroup group;
        try (var versions = new Versions(engine)) {
            group = new WriteGroup(key -> versions.find(key, revision), revision, compacted);
            commands.forEach(group::add);
        }
        if (!group.changes().isEmpty()) {
            engine.commit(group.changes(), group.revision());
        }
        compacted = group.compacted();
        revision = group.revision();
        if (!group.events().isEmpty()) {
            watches.publish(group.events(), revision);
        }
        group.answer();
    }

    private List<Command> drain() {
        var rest = new ArrayList<Command>();
        commands.drainTo(rest);
        return rest;
    }

    private static void refuse(List<Command> commands, RuntimeException why) {
        commands.forEach(command -> command.answer().completeExceptionally(why));
    }
}
