/// The rules of volumes, claims and what drivers say of themselves. Start at [StorageKinds].
package dev.kapal.apiserver.strategy.storage;
