package dev.kapal.network.proxy;

import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.linux.Nft;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// The table in the kernel, and what we believe is in it. Runs on the proxy's thread, but for [#isLost].
///
/// A transaction that the kernel refuses makes the belief doubtful: the next one makes the table anew, which the
/// kernel does in one step, so that no packet sees it half done.
final class ProxyTable {
    private static final Log log = Log.of(ProxyTable.class);

    private final Skeleton skeleton;
    private final Nft nft;
    private final Conntrack conntrack;
    private final Time time;
    private final ProxyMetrics metrics;
    private final Ruleset ruleset;
    /// Kept until a transaction succeeds. The proxy's thread only.
    private final Set<Rules.UdpFlow> ended = new LinkedHashSet<>();

    private final Set<Rules.UdpFlow> begins = new LinkedHashSet<>();
    private volatile boolean doubtful = true;
    private volatile boolean begun;

    ProxyTable(Skeleton skeleton, Nft nft, Conntrack conntrack, Time time, ProxyMetrics metrics) {
        this.skeleton = skeleton;
        this.nft = nft;
        this.conntrack = conntrack;
        this.time = time;
        this.metrics = metrics;
        this.ruleset = new Ruleset(skeleton.config().table());
    }

    /// Brings the table to `plans` for the owners they name; false when the kernel refused and it must be tried
    /// again.
    boolean change(Map<Owner, Rules> plans) throws InterruptedException {
        plans.forEach((owner, rules) -> compareFlows(ruleset.of(owner), rules));
        long start = time.nanos();
        var script = ruleset.change(plans);
        if (!apply(script)) {
            return false;
        }
        begun = true;
        metrics.synced(Duration.ofNanos(time.nanos() - start), time.instant());
        conntrack.forget(ended, begins);
        ended.clear();
        begins.clear();
        return true;
    }

    private boolean apply(String script) throws InterruptedException {
        var whole = doubtful ? skeleton.fresh() + ruleset.complete() : script;
        if (whole.isEmpty()) {
            return true;
        }
        try {
            nft.apply(whole);
            doubtful = false;
            return true;
        } catch (IOException refused) {
            doubtful = true;
            metrics.failed();
            log.warn("rules refused; making the table anew", "why", refused.getMessage());
            return false;
        }
    }

    /// Whether the table should be there and is not; from then on the next change makes it anew.
    boolean isLost() throws InterruptedException {
        if (!begun) {
            return false;
        }
        try {
            boolean lost = !nft.hasTable("ip", skeleton.config().table());
            doubtful |= lost;
            return lost;
        } catch (IOException cannotTell) {
            return false;
        }
    }

    /// A flow ended when no port of the owner leads to that backend any more; one begins where there was none
    /// before.
    private void compareFlows(Rules before, Rules after) {
        ended.addAll(before.flows());
        after.flows().forEach(ended::remove);
        for (var flow : after.flows()) {
            boolean served = before.flows().stream()
                    .anyMatch(old -> old.address().equals(flow.address()) && old.port() == flow.port());
            if (!served) {
                begins.add(flow);
            }
        }
    }
}
