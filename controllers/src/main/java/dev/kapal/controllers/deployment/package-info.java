/// Rolls out Deployments through ReplicaSets. Start at [DeploymentReconciler]; [Rollout] decides the sizes,
/// [Revisions] the annotations, [DeploymentStatuses] what people are told.
package dev.kapal.controllers.deployment;
