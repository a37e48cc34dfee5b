package dev.kapal.scheduler.queue;

import static dev.kapal.scheduler.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Api;
import dev.kapal.scheduler.framework.ClusterEvent;
import dev.kapal.scheduler.plugin.DefaultPlugins;
import dev.kapal.scheduler.queue.SchedulingQueue.Sizes;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SchedulingQueueTest {
    private static final Set<String> FIT = Set.of("NodeResourcesFit");
    private static final Set<String> TAINT = Set.of("TaintToleration");

    private final FakeTime time = new FakeTime();
    private final SchedulingQueue queue = queue();

    private SchedulingQueue queue() {
        try (var nowhere = new KubernetesClientBuilder().build()) {
            return new SchedulingQueue(DefaultPlugins.profile(new Api(nowhere)), time);
        }
    }

    private void put(String... names) {
        for (var name : names) {
            queue.put(pod(name).facts(), true);
        }
    }

    private QueuedPod pop(String name) throws InterruptedException {
        var popped = queue.pop();
        assertThat(popped.pod().key().name()).isEqualTo(name);
        return popped;
    }

    private void fail(QueuedPod popped, Set<String> plugins) {
        queue.failed(popped, popped.pod(), plugins, false);
    }

    private Sizes sizes() {
        return queue.sizes();
    }

    @Test
    void takesTheMostImportantFirstAndThenTheOldest() throws Exception {
        put("first", "second");
        queue.put(pod("vip").priority(1000).facts(), true);
        pop("vip");
        pop("first");
        pop("second");
    }

    @Test
    void putsAPodThatFitsNowhereAsideUntilSomethingHelps() throws Exception {
        put("web");
        fail(pop("web"), FIT);
        assertThat(sizes()).isEqualTo(new Sizes(0, 0, 1, 0));
        queue.happened(ClusterEvent.NODE_TAINTS_CHANGED);
        queue.happened(ClusterEvent.NODE_LABELS_CHANGED);
        assertThat(sizes()).isEqualTo(new Sizes(0, 0, 1, 0));
        time.advance(Duration.ofSeconds(1));
        queue.happened(ClusterEvent.PLACED_POD_GONE);
        assertThat(sizes()).isEqualTo(new Sizes(1, 0, 0, 0));
        pop("web");
    }

    @Test
    void backsOffLongerWithEveryFailureUpToTenSeconds() throws Exception {
        put("web", "other");
        var popped = pop("web");
        pop("other");
        for (int seconds : new int[] {1, 2, 4, 8, 10, 10}) {
            queue.failed(popped, popped.pod(), Set.of(), true);
            time.advance(Duration.ofSeconds(seconds).minusMillis(1));
            queue.tick();
            assertThat(sizes()).isEqualTo(new Sizes(0, 1, 0, 0));
            time.advance(Duration.ofMillis(1));
            queue.tick();
            assertThat(sizes()).isEqualTo(new Sizes(1, 0, 0, 0));
            popped = pop("web");
        }
    }

    @Test
    void takesAPodFromItsBackOffWhenThereIsNothingElse() throws Exception {
        put("web");
        fail(pop("web"), FIT);
        queue.happened(ClusterEvent.NODE_ADDED);
        assertThat(sizes()).isEqualTo(new Sizes(0, 1, 0, 0));
        put("new");
        pop("new");
        pop("web");
    }

    @Test
    void remembersHelpThatCameDuringTheAttempt() throws Exception {
        put("web");
        var popped = pop("web");
        queue.happened(ClusterEvent.NODE_ADDED);
        fail(popped, FIT);
        assertThat(sizes()).isEqualTo(new Sizes(0, 1, 0, 0));
    }

    @Test
    void ignoresOtherEventsDuringTheAttempt() throws Exception {
        put("web");
        var popped = pop("web");
        queue.happened(ClusterEvent.PLACED_POD_GONE);
        fail(popped, TAINT);
        assertThat(sizes()).isEqualTo(new Sizes(0, 0, 1, 0));
    }

    @Test
    void triesAgainWhenThePodItselfChanges() throws Exception {
        put("web");
        fail(pop("web"), TAINT);
        queue.put(pod("web").facts(), false);
        assertThat(sizes()).isEqualTo(new Sizes(0, 0, 1, 0));
        time.advance(Duration.ofSeconds(1));
        queue.put(pod("web").tolerates("a", "Exists", "", "").facts(), true);
        assertThat(pop("web").pod().tolerations().list()).hasSize(1);
    }

    @Test
    void triesAgainAfterFiveMinutesWithoutHelp() throws Exception {
        put("web");
        fail(pop("web"), TAINT);
        time.advance(Duration.ofMinutes(5));
        queue.tick();
        assertThat(sizes()).isEqualTo(new Sizes(0, 0, 1, 0));
        time.advance(Duration.ofSeconds(1));
        queue.tick();
        assertThat(sizes()).isEqualTo(new Sizes(1, 0, 0, 0));
    }

    @Test
    void keepsAGatedPodOutUntilItsGatesAreGone() throws Exception {
        queue.put(pod("web").gate("quota").facts(), true);
        assertThat(sizes()).isEqualTo(new Sizes(0, 0, 0, 1));
        queue.happened(ClusterEvent.NODE_ADDED);
        assertThat(sizes()).isEqualTo(new Sizes(0, 0, 0, 1));
        queue.put(pod("web").facts(), true);
        pop("web");
    }

    @Test
    void forgetsAPodThatIsGone() throws Exception {
        put("web", "other");
        queue.remove(pod("web").facts().key());
        pop("other");
        assertThat(sizes()).isEqualTo(new Sizes(0, 0, 0, 0));
    }

    @Test
    void queuesANewPodOfTheSameNameWhileTheOldOneIsUnderWay() throws Exception {
        put("web");
        var old = pop("web");
        var anew = pod("web");
        anew.pod().getMetadata().setUid("another");
        queue.put(anew.facts(), true);
        queue.done(old.pod());
        assertThat(pop("web").pod().uid()).isEqualTo("another");
    }
}
