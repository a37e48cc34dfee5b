package dev.kapal.scheduler;

import static dev.kapal.scheduler.Objects.node;
import static dev.kapal.scheduler.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.base.metric.Metrics;
import dev.kapal.client.Clients;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchedulerTest {
    private final FakeCluster cluster = new FakeCluster();
    private final FakeTime time = new FakeTime();
    private final Metrics metrics = new Metrics();
    private final KubernetesClient client = Clients.inProcess(cluster, "system:kube-scheduler", List.of());
    private Scheduler scheduler;

    @BeforeEach
    void start() {
        scheduler = Scheduler.start(client, time, new Random(1), metrics);
    }

    @AfterEach
    void stop() {
        scheduler.close();
        client.close();
    }

    private JsonNode awaitCondition(String pod, String reason) throws InterruptedException {
        return cluster.await(
                        pod,
                        now -> reason.equals(
                                now.at("/status/conditions/0/reason").asText()))
                .at("/status/conditions/0");
    }

    @Test
    void bindsAPodAndSaysSo() throws Exception {
        cluster.put(node("n1").node());
        cluster.put(pod("web").asks("100m", "64Mi").pod());
        assertThat(cluster.awaitNode("web").asText()).isEqualTo("n1");
        assertThat(cluster.awaitEvent("web", "Scheduled")).isEqualTo("Successfully assigned default/web to n1");
        assertThat(metrics.exposition())
                .contains("scheduler_schedule_attempts_total{profile=\"default-scheduler\",result=\"scheduled\"} 1");
    }

    @Test
    void tellsWhyAPodWaitsAndBindsItOnceThereIsRoom() throws Exception {
        cluster.put(node("n1").offers("cpu", "1").node());
        var first = pod("first").asks("800m", "0");
        cluster.put(first.pod());
        cluster.awaitNode("first");
        cluster.put(pod("second").asks("800m", "0").pod());

        String message = "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1"
                + " nodes are available: 1 No preemption victims found for incoming pod.";
        assertThat(cluster.awaitEvent("second", "FailedScheduling")).isEqualTo(message);
        var condition = awaitCondition("second", "Unschedulable");
        assertThat(condition.path("type").asText()).isEqualTo("PodScheduled");
        assertThat(condition.path("status").asText()).isEqualTo("False");
        assertThat(condition.path("message").asText()).isEqualTo(message);

        cluster.delete(first.pod());
        assertThat(cluster.awaitNode("second").asText()).isEqualTo("n1");
    }

    @Test
    void bindsAPodOnceANodeThatFitsArrives() throws Exception {
        cluster.put(pod("web").selects("disk", "ssd").pod());
        assertThat(cluster.awaitEvent("web", "FailedScheduling")).isEqualTo("no nodes available to schedule pods");
        cluster.put(node("n1").node());
        cluster.put(node("n2").label("disk", "ssd").node());
        assertThat(cluster.awaitNode("web").asText()).isEqualTo("n2");
    }

    @Test
    void fillsNodesWithoutOvercommittingThem() throws Exception {
        cluster.put(node("n1").offers("cpu", "2").node());
        cluster.put(node("n2").offers("cpu", "2").node());
        for (int i = 0; i < 5; i++) {
            cluster.put(pod("web-" + i).asks("1", "0").pod());
        }
        cluster.awaitEvent("web-4", "FailedScheduling");
        var nodes = new ArrayList<String>();
        for (int i = 0; i < 4; i++) {
            nodes.add(cluster.awaitNode("web-" + i).asText());
        }
        assertThat(nodes).containsExactlyInAnyOrder("n1", "n1", "n2", "n2");
    }

    @Test
    void triesAgainAfterABindingWasRefused() throws Exception {
        cluster.refuseBindingsOf("web"::equals);
        cluster.put(node("n1").node());
        cluster.put(pod("web").pod());
        assertThat(cluster.awaitEvent("web", "FailedScheduling"))
                .isEqualTo("binding rejected: running Bind plugin \"DefaultBinder\": pod web is already assigned to"
                        + " node \"other\"");
        awaitCondition("web", "SchedulerError");
        cluster.refuseBindingsOf(pod -> false);
        time.awaitSleepers(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(cluster.awaitNode("web").asText()).isEqualTo("n1");
    }

    @Test
    void leavesPodsOfOtherSchedulersAlone() throws Exception {
        cluster.put(node("n1").node());
        var foreign = pod("foreign");
        foreign.pod().getSpec().setSchedulerName("other");
        cluster.put(foreign.pod());
        cluster.put(pod("gated").gate("quota").pod());
        cluster.put(pod("done").phase("Failed").pod());
        cluster.put(pod("ours").pod());
        cluster.awaitNode("ours");
        assertThat(cluster.await("foreign", now -> true).at("/spec/nodeName").isMissingNode())
                .isTrue();
        assertThat(cluster.await("gated", now -> true).at("/spec/nodeName").isMissingNode())
                .isTrue();
        assertThat(cluster.await("done", now -> true).at("/spec/nodeName").isMissingNode())
                .isTrue();
    }

    @Test
    void countsPodsThatHaveEndedNoLonger() throws Exception {
        cluster.put(node("n1").offers("pods", "1").node());
        cluster.put(pod("job").pod());
        cluster.awaitNode("job");
        cluster.put(pod("next").pod());
        cluster.awaitEvent("next", "FailedScheduling");
        cluster.put(pod("job").on("n1").phase("Succeeded").pod());
        assertThat(cluster.awaitNode("next").asText()).isEqualTo("n1");
    }
}
