package dev.kapal.controllers.deployment;

import dev.kapal.controllers.workload.Selectors;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// The annotations by which a rollout remembers its history; `kubectl rollout` reads them.
final class Revisions {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAX = "deployment.kubernetes.io/max-replicas";
    /// The revision that clients of the first versions want back; 0 for the one before the present.
    static final String ROLLBACK = "deprecated.deployment.rollback.to";

    /// Annotations of the Deployment that mean nothing on its ReplicaSets.
    private static final Set<String> OWN =
            Set.of("kubectl.kubernetes.io/last-applied-configuration", REVISION, HISTORY, DESIRED, MAX, ROLLBACK);

    private static final int HISTORY_LENGTH = 2000;

    private Revisions() {}

    static OptionalLong revision(HasMetadata object) {
        return number(Selectors.annotations(object).get(REVISION));
    }

    static long newest(Collection<ReplicaSet> sets) {
        return sets.stream().mapToLong(set -> revision(set).orElse(0)).max().orElse(0);
    }

    /// The annotations of the newest set: the Deployment's own, and `revision` unless it carries a higher one.
    /// A set that comes back by a rollback keeps its former revisions as history.
    static Map<String, String> ofNewest(Deployment deployment, Map<String, String> before, long revision) {
        var after = new LinkedHashMap<>(before);
        Selectors.annotations(deployment).forEach((key, value) -> {
            if (!OWN.contains(key)) {
                after.put(key, value);
            }
        });
        String old = before.get(REVISION);
        if (old != null && !old.isEmpty() && number(old).isEmpty()) {
            return after; // somebody wrote nonsense there; leave it for them to see
        }
        if (number(old).orElse(0) < revision) {
            after.put(REVISION, Long.toString(revision));
            if (old != null) {
                after.put(HISTORY, appended(before.getOrDefault(HISTORY, ""), old));
            }
        }
        return after;
    }

    static OptionalLong wantedBack(Deployment deployment) {
        return number(Selectors.annotations(deployment).get(ROLLBACK));
    }

    /// The annotations of a Deployment that goes back to a set: its own bookkeeping, and else what the set remembers.
    static Map<String, String> ofRolledBack(Deployment deployment, ReplicaSet set) {
        var after = new LinkedHashMap<>(Selectors.annotations(deployment));
        after.keySet().retainAll(OWN);
        Selectors.annotations(set).forEach((key, value) -> {
            if (!OWN.contains(key)) {
                after.put(key, value);
            }
        });
        return after;
    }

    static Map<String, String> sized(Map<String, String> before, int desired, int max) {
        var after = new LinkedHashMap<>(before);
        after.put(DESIRED, Integer.toString(desired));
        after.put(MAX, Integer.toString(max));
        return after;
    }

    static OptionalLong desired(ReplicaSet set) {
        return number(Selectors.annotations(set).get(DESIRED));
    }

    static OptionalLong max(ReplicaSet set) {
        return number(Selectors.annotations(set).get(MAX));
    }

    private static String appended(String history, String revision) {
        if (history.isEmpty()) {
            return revision;
        }
        String longer = history + "," + revision;
        while (longer.length() > HISTORY_LENGTH && longer.indexOf(',') >= 0) {
            longer = longer.substring(longer.indexOf(',') + 1);
        }
        return longer;
    }

    private static OptionalLong number(String text) {
        if (text == null || text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException malformed) {
            return OptionalLong.empty();
        }
    }
}
