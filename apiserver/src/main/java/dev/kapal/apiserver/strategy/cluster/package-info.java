/// The rules of kinds that many pods refer to: priority classes and runtime classes. Start at [ClusterKinds].
package dev.kapal.apiserver.strategy.cluster;
