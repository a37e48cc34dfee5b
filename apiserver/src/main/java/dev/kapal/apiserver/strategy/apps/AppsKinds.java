package dev.kapal.apiserver.strategy.apps;

import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupResource;
import java.util.Map;

/// The strategies of this package.
public final class AppsKinds {
    private AppsKinds() {}

    public static Map<GroupResource, Strategy> strategies() {
        return Map.of(
                new GroupResource("", "replicationcontrollers"), new ReplicationControllerStrategy(),
                new GroupResource("", "podtemplates"), new PodTemplateStrategy(),
                new GroupResource("apps", "daemonsets"), new DaemonSetStrategy(),
                new GroupResource("apps", "statefulsets"), new StatefulSetStrategy(),
                new GroupResource("apps", "controllerrevisions"), new ControllerRevisionStrategy());
    }
}
