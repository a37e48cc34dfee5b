package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.snapshot.PodFacts;
import java.util.Comparator;

/// Higher priority first; the queue orders equals by age.
final class PrioritySort implements Plugin.QueueSort {
    @Override
    public String name() {
        return "PrioritySort";
    }

    @Override
    public Comparator<PodFacts> order() {
        return Comparator.comparingInt(PodFacts::priority).reversed();
    }
}
