/// A containerd process of our own: written configuration, start, supervision, adoption and the way it goes without a
/// trace.
///
/// Start reading at [dev.kapal.agent.containerd.Containerd]. [dev.kapal.agent.containerd.ContainerdConfig] is the
/// configuration as a value; `Daemon` finds, starts and ends the process; `Leftovers` removes what a broken end left.
package dev.kapal.agent.containerd;
