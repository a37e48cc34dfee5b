package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.Diagnosis;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Remedy;
import dev.kapal.scheduler.snapshot.PodFacts;
import dev.kapal.scheduler.snapshot.Snapshot;

/// Says that there are no resource claims to give back, which is true of pods without claims: others are not supported
/// yet. v1.34 puts these words into every message about a pod that fits nowhere.
final class DynamicResources implements Plugin.PostFilter {
    @Override
    public String name() {
        return "DynamicResources";
    }

    @Override
    public Remedy postFilter(PodFacts pod, Snapshot snapshot, Diagnosis diagnosis) {
        return Remedy.none("no new claims to deallocate");
    }
}
