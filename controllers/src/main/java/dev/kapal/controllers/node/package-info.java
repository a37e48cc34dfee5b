/// Watches over nodes: who does not report is marked, tainted, and its pods are taken out of service. Start at
/// [NodeHealthReconciler]; [NodeJudgement] is the pure part, [Disruption] slows evictions down when much fails at once.
package dev.kapal.controllers.node;
