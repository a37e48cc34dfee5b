package dev.kapal.scheduler.framework;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The plugins of a scheduler by extension point, each list in the order of the one they were given in. Immutable.
public record Profile(
        String schedulerName,
        Plugin.QueueSort queueSort,
        List<Plugin.PreEnqueue> preEnqueue,
        List<Plugin.PreFilter> preFilter,
        List<Plugin.Filter> filter,
        List<Plugin.PostFilter> postFilter,
        List<Plugin.PreScore> preScore,
        List<Plugin.Score> score,
        List<Plugin.Reserve> reserve,
        List<Plugin.Permit> permit,
        List<Plugin.PreBind> preBind,
        List<Plugin.Bind> bind,
        List<Plugin.PostBind> postBind,
        Map<ClusterEvent, Set<String>> helped) {
    public static final String DEFAULT_SCHEDULER = "default-scheduler";

    public static Profile of(String schedulerName, List<Plugin> plugins) {
        return new Profile(
                schedulerName,
                at(Plugin.QueueSort.class, plugins).getFirst(),
                at(Plugin.PreEnqueue.class, plugins),
                at(Plugin.PreFilter.class, plugins),
                at(Plugin.Filter.class, plugins),
                at(Plugin.PostFilter.class, plugins),
                at(Plugin.PreScore.class, plugins),
                at(Plugin.Score.class, plugins),
                at(Plugin.Reserve.class, plugins),
                at(Plugin.Permit.class, plugins),
                at(Plugin.PreBind.class, plugins),
                at(Plugin.Bind.class, plugins),
                at(Plugin.PostBind.class, plugins),
                helped(plugins));
    }

    /// Whether `event` may help a pod that `rejectedBy` rejected; nobody in particular rejected it when that is empty.
    public boolean mayHelp(ClusterEvent event, Set<String> rejectedBy) {
        if (event == ClusterEvent.POD_CHANGED || rejectedBy.isEmpty()) {
            return true;
        }
        var plugins = helped.getOrDefault(event, Set.of());
        return rejectedBy.stream().anyMatch(plugins::contains);
    }

    private static <P extends Plugin> List<P> at(Class<P> point, List<Plugin> plugins) {
        return plugins.stream().filter(point::isInstance).map(point::cast).toList();
    }

    private static Map<ClusterEvent, Set<String>> helped(List<Plugin> plugins) {
        var helped = new EnumMap<ClusterEvent, Set<String>>(ClusterEvent.class);
        for (var plugin : plugins) {
            for (var event : plugin.helpedBy()) {
                helped.computeIfAbsent(event, e -> new HashSet<>()).add(plugin.name());
            }
        }
        return helped;
    }
}
