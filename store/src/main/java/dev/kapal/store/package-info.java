/// A revisioned log of bytes under ordered keys, with watch. It knows keys and values, not kinds.
///
/// Start at [Store], the contract. [EmbeddedStore] keeps it on disk, [MemoryStore] in memory; both run the same
/// multi-version logic over an ordered map of bytes. [StoreMetrics] and [Compactor] wrap around any store.
package dev.kapal.store;
