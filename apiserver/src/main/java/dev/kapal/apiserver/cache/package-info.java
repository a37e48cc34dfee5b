/// The watch cache: everything the store holds, in memory, as the bytes that clients get. Start at [WatchCaches],
/// which
/// follows the store; a [WatchCache] holds one resource, a [Cursor] is one watcher's place in its events.
package dev.kapal.apiserver.cache;
