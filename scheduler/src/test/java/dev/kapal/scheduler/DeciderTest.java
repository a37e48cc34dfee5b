package dev.kapal.scheduler;

import static dev.kapal.scheduler.Objects.label;
import static dev.kapal.scheduler.Objects.named;
import static dev.kapal.scheduler.Objects.node;
import static dev.kapal.scheduler.Objects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Api;
import dev.kapal.scheduler.Objects.NodeMaker;
import dev.kapal.scheduler.Objects.PodMaker;
import dev.kapal.scheduler.plugin.DefaultPlugins;
import dev.kapal.scheduler.snapshot.ClusterState;
import dev.kapal.scheduler.snapshot.PodFacts;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeciderTest {
    private static final String NOT_HELPFUL = "Preemption is not helpful for scheduling";
    private static final String NO_VICTIMS = "No preemption victims found for incoming pod";

    private final ClusterState cluster = new ClusterState();
    private final Decider decider = decider(1);

    static Decider decider(long seed) {
        // The decision never gets as far as calling the API server.
        try (var nowhere = new KubernetesClientBuilder().build()) {
            return new Decider(DefaultPlugins.profile(new Api(nowhere)), new Random(seed));
        }
    }

    private Decision decide(PodMaker pod) {
        return decider.decide(pod.facts(), cluster.snapshot());
    }

    private void nodes(NodeMaker... nodes) {
        for (var node : nodes) {
            cluster.put(node.node());
        }
    }

    private void running(String node, PodMaker pod) {
        cluster.put(PodFacts.of(pod.on(node).pod()), node);
    }

    @Test
    void saysSoWhenThereAreNoNodes() {
        assertThat(decide(pod("web"))).isEqualTo(new Decision.NoFit("no nodes available to schedule pods", Set.of()));
    }

    /// A pod that fits nowhere on one node (which runs `running`), and what it is told.
    private record Refusal(String name, NodeMaker node, PodMaker running, PodMaker pod, String reason, String remedy) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Refusal> refusals() {
        var idle = pod("idle");
        var full = node("n").offers("cpu", "1");
        return Stream.of(
                new Refusal(
                        "more CPU than is free",
                        full,
                        pod("other").asks("600m", "0"),
                        pod("web").asks("500m", "0"),
                        "1 Insufficient cpu",
                        NO_VICTIMS),
                new Refusal(
                        "more CPU than the node has",
                        full,
                        idle,
                        pod("web").asks("2", "0"),
                        "1 Insufficient cpu",
                        NOT_HELPFUL),
                new Refusal(
                        "more of two things",
                        full,
                        idle,
                        pod("web").asks("2", "1Ti"),
                        "1 Insufficient cpu, 1 Insufficient memory",
                        NOT_HELPFUL),
                new Refusal(
                        "an extended resource nobody has",
                        full,
                        idle,
                        pod("web").asksFor("example.com/gpu", "1"),
                        "1 Insufficient example.com/gpu",
                        NOT_HELPFUL),
                new Refusal(
                        "no place for another pod",
                        node("n").offers("pods", "1"),
                        idle,
                        pod("web"),
                        "1 Too many pods",
                        NO_VICTIMS),
                new Refusal(
                        "a taint",
                        node("n").taint("dedicated", "db", "NoSchedule"),
                        idle,
                        pod("web").tolerates("dedicated", "Equal", "web", ""),
                        "1 node(s) had untolerated taint {dedicated: db}",
                        NOT_HELPFUL),
                new Refusal(
                        "a taint without a value",
                        node("n").taint("node.kubernetes.io/not-ready", null, "NoSchedule"),
                        idle,
                        pod("web").tolerates("node.kubernetes.io/not-ready", "Exists", "", "NoExecute"),
                        "1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }",
                        NOT_HELPFUL),
                new Refusal(
                        "a cordoned node",
                        node("n").cordoned(),
                        idle,
                        pod("web"),
                        "1 node(s) were unschedulable",
                        NOT_HELPFUL),
                new Refusal(
                        "a node selector",
                        node("n"),
                        idle,
                        pod("web").selects("disk", "ssd"),
                        "1 node(s) didn't match Pod's node affinity/selector",
                        NOT_HELPFUL),
                new Refusal(
                        "a node affinity",
                        node("n").label("zone", "a"),
                        idle,
                        pod("web").requires(label("zone", "In", "b"), label("zone", "DoesNotExist")),
                        "1 node(s) didn't match Pod's node affinity/selector",
                        NOT_HELPFUL),
                new Refusal(
                        "an affinity to a node that is not there",
                        node("n"),
                        idle,
                        pod("web").requires(named("other")),
                        "1 node(s) didn't satisfy plugin(s) [NodeAffinity]",
                        NOT_HELPFUL),
                new Refusal(
                        "a host port that is taken",
                        node("n"),
                        pod("other").takesPort("127.0.0.1", 80),
                        pod("web").takesPort("", 80),
                        "1 node(s) didn't have free ports for the requested pod ports",
                        NO_VICTIMS));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void tellsWhyAPodFitsNowhere(Refusal refusal) {
        nodes(refusal.node());
        running("n", refusal.running());
        assertThat(decide(refusal.pod()))
                .isInstanceOfSatisfying(
                        Decision.NoFit.class,
                        noFit -> assertThat(noFit.message())
                                .isEqualTo("0/1 nodes are available: " + refusal.reason()
                                        + ". no new claims to deallocate, preemption: 0/1 nodes are available: 1 "
                                        + refusal.remedy() + "."));
    }

    @Test
    void countsReasonsOverAllNodes() {
        nodes(
                node("a").offers("cpu", "1"),
                node("b").offers("cpu", "1"),
                node("c").taint("gpu", "yes", "NoSchedule"));
        running("a", pod("other").asks("1", "0"));
        assertThat(decide(pod("web").asks("1500m", "0")))
                .isEqualTo(new Decision.NoFit(
                        "0/3 nodes are available: 1 node(s) had untolerated taint {gpu: yes}, 2 Insufficient cpu."
                                + " no new claims to deallocate, preemption: 0/3 nodes are available: 3 "
                                + NOT_HELPFUL + ".",
                        Set.of("TaintToleration", "NodeResourcesFit")));
    }

    @Test
    void doesNotOfferPreemptionToAPodThatWantsNone() {
        nodes(node("n").cordoned());
        var gentle = pod("web");
        gentle.pod().getSpec().setPreemptionPolicy("Never");
        assertThat(((Decision.NoFit) decide(gentle)).message())
                .endsWith("no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.");
    }

    /// A pod and the only one of nodes `a`, `b` and `c` that it should go to.
    private record Choice(String name, List<NodeMaker> nodes, PodMaker pod, String chosen) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Choice> choices() {
        var three = List.of(node("a"), node("b"), node("c"));
        return Stream.of(
                new Choice("node selector", three, pod("web").selects("kubernetes.io/hostname", "b"), "b"),
                new Choice("affinity by name", three, pod("web").requires(named("c")), "c"),
                new Choice("affinity Gt", with(node("b").label("rank", "7")), rank("Gt", "6"), "b"),
                new Choice("affinity Lt", with(node("b").label("rank", "7")), rank("Lt", "8"), "b"),
                new Choice("preferred affinity", three, prefers(label("kubernetes.io/hostname", "In", "b")), "b"),
                new Choice("a tolerated taint and a cordon", tainted(), tolerant(), "c"),
                new Choice("fewer unwelcoming taints", unwelcoming(), pod("web"), "b"),
                new Choice("the emptiest node", List.of(node("a"), node("b").offers("cpu", "64")), busy(), "b"),
                new Choice(
                        "an extended resource",
                        with(node("b").offers("example.com/gpu", "1")),
                        pod("web").asksFor("example.com/gpu", "1"),
                        "b"),
                new Choice("the requested node name", three, pod("web").on("c"), "c"));
    }

    private static List<NodeMaker> with(NodeMaker special) {
        return List.of(node("a"), special, node("c"));
    }

    private static PodMaker rank(String operator, String bound) {
        return pod("web").requires(label("rank", operator, bound));
    }

    private static PodMaker prefers(NodeSelectorTerm term) {
        return pod("web").prefers(10, term);
    }

    private static List<NodeMaker> tainted() {
        return List.of(
                node("a").taint("dedicated", "db", "NoExecute"),
                node("b").cordoned(),
                node("c").taint("dedicated", "web", "NoSchedule"));
    }

    private static PodMaker tolerant() {
        return pod("web").tolerates("dedicated", "Equal", "web", "NoSchedule");
    }

    private static List<NodeMaker> unwelcoming() {
        return List.of(node("a").taint("busy", "", "PreferNoSchedule"), node("b"));
    }

    private static PodMaker busy() {
        return pod("web").asks("1", "1Gi");
    }

    @ParameterizedTest
    @MethodSource("choices")
    void choosesTheNode(Choice choice) {
        nodes(choice.nodes().toArray(NodeMaker[]::new));
        assertThat(decide(choice.pod()))
                .isInstanceOfSatisfying(
                        Decision.Place.class, place -> assertThat(place.node()).isEqualTo(choice.chosen()));
    }

    @Test
    void countsSidecarsWithTheContainersAndOtherInitContainersAlone() {
        nodes(node("n").offers("cpu", "1"));
        // 300m + 400m run together; before that 300m + 600m while starting.
        var fits = pod("fits").starts("300m", "Always").starts("600m", null).asks("400m", "0");
        assertThat(decide(fits)).isInstanceOf(Decision.Place.class);
        var startsTooBig =
                pod("big").starts("300m", "Always").starts("800m", null).asks("400m", "0");
        assertThat(decide(startsTooBig)).isInstanceOf(Decision.NoFit.class);
    }

    @Test
    void givesEveryNodeOfALargeClusterItsTurn() {
        for (int i = 0; i < 1000; i++) {
            cluster.put(node("n" + i).node());
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < 300; i++) {
            var place = (Decision.Place) decide(pod("web"));
            assertThat(place.feasible()).isEqualTo(Decider.enough(1000)).isEqualTo(420);
            seen.add(place.node());
        }
        assertThat(seen).hasSizeGreaterThan(200);
    }

    @Test
    void looksAtFewerNodesTheMoreThereAre() {
        assertThat(Stream.of(1, 99, 100, 250, 1000, 5000, 6000, 10000).map(Decider::enough))
                .containsExactly(1, 99, 100, 120, 420, 500, 300, 500);
    }
}
