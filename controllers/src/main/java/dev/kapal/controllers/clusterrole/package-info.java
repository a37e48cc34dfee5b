/// Cluster roles that are made of others. Start at [ClusterRoleAggregationReconciler].
package dev.kapal.controllers.clusterrole;
