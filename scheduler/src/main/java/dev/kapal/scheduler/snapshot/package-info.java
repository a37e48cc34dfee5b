/// What the scheduler knows of nodes and pods. [dev.kapal.scheduler.snapshot.ClusterState] follows the cluster and
/// hands
/// out frozen snapshots; the other types are values, compiled once from the API objects.
package dev.kapal.scheduler.snapshot;
