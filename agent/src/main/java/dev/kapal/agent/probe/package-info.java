/// Asks containers how they are. [ContainerProbes] runs one thread for each probe of a running container; [Threshold]
/// is
/// the pure counting of successes and failures; the `*Check` classes ask one question each.
package dev.kapal.agent.probe;
