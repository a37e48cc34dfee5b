/// The life of pods on this node. [PodWorkers] turns what the API wants into one [PodWorker] for each pod; a worker
/// reads
/// like the pod's life: admit, mount, keep running, terminate, clean up. What it does next is decided by [PodPlan],
/// what
/// the API is told by [PodStatuses]; both are pure functions of what the runtime shows ([ObservedPod]).
package dev.kapal.agent.pod;
