/// The volumes of pods: directories, tmpfs, and files rendered from ConfigMaps, Secrets, fields and tokens. Start at
/// [NodeVolumes]; [Payloads] decides what a rendered volume holds, [AtomicWriter] brings it to the disk in one step.
package dev.kapal.agent.volume;
