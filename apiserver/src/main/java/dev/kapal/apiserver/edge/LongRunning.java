package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.RequestInfo;
import java.util.Set;

/// Which requests last long by nature. Stateless.
public final class LongRunning {
    private static final Set<String> VERBS = Set.of("watch", "proxy");
    private static final Set<String> SUBRESOURCES = Set.of("attach", "exec", "proxy", "log", "portforward");

    private LongRunning() {}

    public static boolean is(RequestInfo info) {
        return info.isResource() && (VERBS.contains(info.verb()) || SUBRESOURCES.contains(info.subresource()));
    }
}
