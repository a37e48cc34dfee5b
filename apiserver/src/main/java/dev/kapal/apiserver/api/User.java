package dev.kapal.apiserver.api;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Who makes a request, as authentication found out. Immutable.
///
/// @param uid empty when the credential carries none
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public static final String ANONYMOUS = "system:anonymous";
    /// The group that may do everything.
    public static final String MASTERS = "system:masters";

    /// The API server itself.
    public static final User SERVER = User.of("system:apiserver", MASTERS);

    private static final String NODE_PREFIX = "system:node:";

    public User {
        groups = List.copyOf(groups);
        // in the order in which they are shown
        extra = extra.isEmpty() ? Map.of() : Collections.unmodifiableSortedMap(new TreeMap<>(extra));
    }

    public static User of(String name, String... groups) {
        return new User(name, "", List.of(groups), Map.of());
    }

    public boolean isIn(String group) {
        return groups.contains(group);
    }

    /// Whether this is the agent of the node `node`.
    public boolean isNode(String node) {
        return isIn("system:nodes") && name.equals(NODE_PREFIX + node);
    }

    /// The name of the node whose agent this is; empty for everyone else.
    public String nodeName() {
        return isIn("system:nodes") && name.startsWith(NODE_PREFIX) ? name.substring(NODE_PREFIX.length()) : "";
    }
}
