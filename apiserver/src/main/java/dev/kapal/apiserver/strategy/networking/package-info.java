/// The rules of ingresses, their classes, network policies and the addresses of services. Start at [NetworkingKinds].
package dev.kapal.apiserver.strategy.networking;
