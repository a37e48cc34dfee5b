/// Counts how many pods of each disruption budget may go. Start at [DisruptionReconciler]; [DisruptionPlan] decides.
package dev.kapal.controllers.disruption;
