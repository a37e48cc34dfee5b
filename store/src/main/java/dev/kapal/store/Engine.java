package dev.kapal.store;

import java.util.List;

/// An ordered map of bytes with atomic, durable batches: all that [RevisionedStore] needs below it.
///
/// Keys are ordered as unsigned bytes. One thread commits; any thread reads.
interface Engine extends AutoCloseable {
    /// Applies all of `changes` or nothing, durable when it returns. `revision` is the newest revision they hold.
    /// Throws [StoreFullException] when there is no room; the engine stays readable and the next commit may
    /// succeed.
    void commit(Changes changes, long revision);

    /// A view that later commits may or may not show. The caller closes it soon: it holds up [#close()].
    Cursor cursor();

    @Override
    void close();

    /// What one commit does.
    record Changes(List<Put> puts, List<byte[]> deletes) {
        boolean isEmpty() {
            return puts.isEmpty() && deletes.isEmpty();
        }
    }

    record Put(byte[] key, byte[] value) {}

    /// A position in the map. One thread uses it.
    interface Cursor extends AutoCloseable {
        /// Goes to the first key at or after `key`.
        void seek(byte[] key);

        /// Goes to the last key before `key`.
        void seekBefore(byte[] key);

        void next();

        /// Whether the position is at a key; the two readers below need that.
        boolean valid();

        byte[] key();

        byte[] value();

        @Override
        void close();
    }
}
