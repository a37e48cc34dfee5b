package dev.kapal.scheduler.framework;

/// A change in the cluster after which a pod that fitted nowhere may fit.
public enum ClusterEvent {
    NODE_ADDED,
    /// A node offers more of something.
    NODE_ALLOCATABLE_RAISED,
    NODE_LABELS_CHANGED,
    /// Taints, or whether the node takes pods at all.
    NODE_TAINTS_CHANGED,
    /// A pod that had a node was deleted or has ended.
    PLACED_POD_GONE,
    /// A pod that has a node asks for less.
    PLACED_POD_SHRUNK,
    /// The waiting pod itself was changed.
    POD_CHANGED
}
