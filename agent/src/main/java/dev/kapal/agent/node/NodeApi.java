package dev.kapal.agent.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.Optional;

/// The API server as a node writes its own objects to it. Any thread; every call goes over the network, blocks, and
/// throws what is worth another try.
public interface NodeApi {
    Optional<Node> fetch(String name) throws InterruptedException;

    /// Creates the node; when it is there already, gives it these labels and returns it.
    Node register(Node node) throws InterruptedException;

    /// Applies a strategic merge patch to the status; empty when there is no such node.
    Optional<Node> patchStatus(String name, String patch) throws InterruptedException;

    Optional<Lease> fetchLease(String name) throws InterruptedException;

    /// Creates or replaces the lease in `kube-node-lease`.
    Lease putLease(Lease lease) throws InterruptedException;

    /// An event about the node.
    void event(boolean warning, String reason, String message);
}
