/// DockerCoins: `worker` fetches random bytes from `rng`, has them hashed by `hasher`, and counts in redis; `webui`
/// draws the speed.
/// A hash that begins with `0` is a coin. Each service is one main class, and needs nothing but the JDK.
package dev.kapal.samples.dockercoins;
