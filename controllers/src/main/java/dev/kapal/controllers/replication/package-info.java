/// ReplicationControllers, the elder form of ReplicaSets: [ReplicationControllers] says how one is seen as the other,
/// the work is done by [dev.kapal.controllers.replicaset.ReplicaSetReconciler].
package dev.kapal.controllers.replication;
