/// Gives each new pod a node. Start at [dev.kapal.scheduler.Scheduler], which wires the rest; the decision itself is
/// [dev.kapal.scheduler.Decider]: a pod and a frozen snapshot in, a node or the reasons out.
///
/// `queue` says which pod is next, `snapshot` what the nodes hold, `framework` what a plugin may say and when, `plugin`
/// has one class per plugin.
package dev.kapal.scheduler;
