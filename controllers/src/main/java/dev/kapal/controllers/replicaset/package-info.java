/// Keeps a number of equal pods. Start at [ReplicaSetReconciler]; the decisions are in [ReplicaSetPlan], which pods go
/// first in [DeletionOrder].
package dev.kapal.controllers.replicaset;
