package dev.kapal.scheduler.plugin;

import dev.kapal.client.Api;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Profile;
import java.util.List;

/// The default scheduler's plugins. A node's first rejection is the one that is told, so the order shows in messages:
/// it is upstream's.
public final class DefaultPlugins {
    private DefaultPlugins() {}

    public static Profile profile(Api api) {
        return Profile.of(Profile.DEFAULT_SCHEDULER, plugins(new DefaultBinder(api)));
    }

    static List<Plugin> plugins(Plugin.Bind binder) {
        return List.of(
                // who waits at all, and in which order
                new SchedulingGates(),
                new PrioritySort(),
                // cheapest first: these look at one field of the node
                new NodeUnschedulable(),
                new NodeName(),
                new TaintToleration(),
                new NodeAffinity(),
                new NodePorts(),
                // what other pods take; last, because removing pods can help only here and with ports
                new NodeResourcesFit(),
                // claims are given back before pods are evicted
                new DynamicResources(),
                new DefaultPreemption(),
                new NodeResourcesBalancedAllocation(),
                binder);
    }
}
