/// This machine as a Node of the cluster: its object, its heartbeats, its conditions. Start at [NodeAgent]; what the
/// object
/// says is decided by the pure [NodeObjects] and [NodeConditions] from [NodeFacts] and [NodeHealth].
package dev.kapal.agent.node;
