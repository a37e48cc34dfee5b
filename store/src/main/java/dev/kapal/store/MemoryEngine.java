package dev.kapal.store;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// The map in memory. A cursor may see part of a commit; [RevisionedStore] never looks past the newest revision that
/// was committed whole.
final class MemoryEngine implements Engine {
    private final ConcurrentSkipListMap<byte[], byte[]> map = new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

    @Override
    public void commit(Changes changes, long revision) {
        changes.puts().forEach(put -> map.put(put.key(), put.value()));
        changes.deletes().forEach(map::remove);
    }

    @Override
    public Cursor cursor() {
        return new MapCursor();
    }

    @Override
    public void close() {}

    private final class MapCursor implements Cursor {
        private Iterator<Map.Entry<byte[], byte[]>> following = Collections.emptyIterator();
        private Map.Entry<byte[], byte[]> at;

        @Override
        public void seek(byte[] key) {
            following = map.tailMap(key, true).entrySet().iterator();
            next();
        }

        @Override
        public void seekBefore(byte[] key) {
            at = map.lowerEntry(key);
            following = at == null
                    ? Collections.emptyIterator()
                    : map.tailMap(at.getKey(), false).entrySet().iterator();
        }

        @Override
        public void next() {
            at = following.hasNext() ? following.next() : null;
        }

        @Override
        public boolean valid() {
            return at != null;
        }

        @Override
        public byte[] key() {
            return at.getKey();
        }

        @Override
        public byte[] value() {
            return at.getValue();
        }

        @Override
        public void close() {}
    }
}
