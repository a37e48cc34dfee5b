package dev.kapal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kapal.store.Store.Entry;
import dev.kapal.store.Store.Event;
import dev.kapal.store.Store.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Commands that become durable together: decides each against the keys as the ones before it leave them. Store
/// writer only; nothing here touches the engine.
final class WriteGroup {
    private final Function<String, Optional<Entry>> stored;
    private final Map<String, Optional<Entry>> staged = new HashMap<>();
    private final List<Engine.Put> puts = new ArrayList<>();
    private final List<byte[]> deletes = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();
    private long revision;
    private long compacted;

    /// `stored` finds the newest durable entry of a key; `revision` and `compacted` are the durable ones.
    WriteGroup(Function<String, Optional<Entry>> stored, long revision, long compacted) {
        this.stored = stored;
        this.revision = revision;
        this.compacted = compacted;
    }

    void add(Command command) {
        switch (command) {
            case Command.Change change -> {
                var write = decide(change);
                answers.add(() -> change.answer().complete(write));
            }
            case Command.Forget forget -> {
                forget.compacted().ifPresent(this::markCompacted);
                deletes.addAll(forget.garbage());
                answers.add(() -> forget.answer().complete(null));
            }
        }
    }

    Engine.Changes changes() {
        return new Engine.Changes(puts, deletes);
    }

    /// The changes of this group, in order.
    List<Event> events() {
        return events;
    }

    long revision() {
        return revision;
    }

    long compacted() {
        return compacted;
    }

    /// Tells every caller its answer.
    void answer() {
        answers.forEach(Runnable::run);
    }

    private Write decide(Command.Change change) {
        var current = staged.computeIfAbsent(change.key(), stored);
        boolean deletesNothing = change.value().isEmpty() && current.isEmpty();
        if (deletesNothing || !change.expect().holds(current)) {
            return new Write.Stale(current, revision);
        }
        long at = ++revision;
        var event = new Event(at, change.key(), change.value(), current);
        var entry = event.entry();
        byte[] key = change.key().getBytes(UTF_8);
        puts.add(new Engine.Put(
                Layout.versionKey(key, at), entry.map(Layout::putValue).orElseGet(Layout::tombstone)));
        puts.add(new Engine.Put(Layout.logKey(at), key));
        events.add(event);
        staged.put(change.key(), entry);
        return new Write.Done(at, current);
    }

    private void markCompacted(long at) {
        if (at > compacted) {
            compacted = at;
            puts.add(new Engine.Put(Layout.COMPACTED, Layout.number(at)));
        }
    }
}
