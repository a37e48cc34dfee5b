/// Requests that end inside a pod: exec, attach, port-forward and logs, by way of the agent of the pod's node.
/// Start at
/// [PodConnections].
package dev.kapal.apiserver.streaming;
