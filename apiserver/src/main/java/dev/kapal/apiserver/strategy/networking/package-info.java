/// The rules of ingresses, their classes and network policies. Start at [NetworkingKinds].
package dev.kapal.apiserver.strategy.networking;
