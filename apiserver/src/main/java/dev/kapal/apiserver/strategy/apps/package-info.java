/// The rules of workloads that run for ever: replication controllers, pod templates, daemon sets, stateful sets and the
/// revisions of both. Start at [AppsKinds].
package dev.kapal.apiserver.strategy.apps;
