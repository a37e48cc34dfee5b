/// The `kapal` command for people: the cluster's life cycle, the demo and images. Start reading at [Up] and [Down].
///
/// The commands that run a part of the cluster in the foreground are in `dist`, which does all the wiring.
package dev.kapal.cli;
