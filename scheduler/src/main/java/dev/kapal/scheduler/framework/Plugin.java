package dev.kapal.scheduler.framework;

import dev.kapal.scheduler.snapshot.NodeState;
import dev.kapal.scheduler.snapshot.PodFacts;
import dev.kapal.scheduler.snapshot.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Something that takes part in scheduling at one or more of the points below. Plugins keep no state of a cycle; they
/// run on the scheduling thread, from [Permit] on on the pod's binding thread.
public sealed interface Plugin {
    /// Upstream's name: it appears in messages and metrics.
    String name();

    /// What may make this plugin change its mind about a pod that it rejected.
    default Set<ClusterEvent> helpedBy() {
        return Set.of();
    }

    /// Whether a pod may enter the active queue.
    non-sealed interface PreEnqueue extends Plugin {
        Verdict preEnqueue(PodFacts pod);
    }

    /// Which pod comes first. Exactly one plugin does this.
    non-sealed interface QueueSort extends Plugin {
        Comparator<PodFacts> order();
    }

    /// Looks at the pod once before any node is filtered.
    non-sealed interface PreFilter extends Plugin {
        Scope preFilter(PodFacts pod, Snapshot snapshot);
    }

    /// Whether the pod fits a node. The most frequent call: it allocates nothing when the answer is yes.
    non-sealed interface Filter extends Plugin {
        Verdict filter(PodFacts pod, NodeState node);
    }

    /// What can be done when no node fits.
    non-sealed interface PostFilter extends Plugin {
        Remedy postFilter(PodFacts pod, Snapshot snapshot, Diagnosis diagnosis);
    }

    /// Looks at the nodes that fit before any is scored; false leaves this plugin's score out for this pod.
    non-sealed interface PreScore extends Plugin {
        boolean preScore(PodFacts pod, List<NodeState> feasible);
    }

    /// How well the pod suits a node that fits, 0 to 100 after normalizing.
    non-sealed interface Score extends Plugin {
        long MAX = 100;

        long score(PodFacts pod, NodeState node);

        int weight();

        /// NormalizeScore: brings the scores of all nodes into range.
        default void normalize(long[] scores) {}
    }

    /// Notes that the pod is about to take the node; `unreserve` takes that back when something later fails.
    non-sealed interface Reserve extends Plugin {
        Verdict reserve(PodFacts pod, String node);

        void unreserve(PodFacts pod, String node);
    }

    /// The last word before binding.
    non-sealed interface Permit extends Plugin {
        Verdict permit(PodFacts pod, String node);
    }

    /// What must be done before binding, volumes for instance. Throws when that fails.
    non-sealed interface PreBind extends Plugin {
        void preBind(PodFacts pod, String node) throws InterruptedException;
    }

    /// Binds; the first that answers true did. Throws when that fails.
    non-sealed interface Bind extends Plugin {
        boolean bind(PodFacts pod, String node) throws InterruptedException;
    }

    /// Told of a pod that was bound.
    non-sealed interface PostBind extends Plugin {
        void postBind(PodFacts pod, String node);
    }
}
