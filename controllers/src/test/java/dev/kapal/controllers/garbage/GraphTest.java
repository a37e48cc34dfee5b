package dev.kapal.controllers.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Key;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphTest {
    private static final Resource MAPS = new Resource("/api/v1", "v1", "ConfigMap", "configmaps", true);

    private final Graph graph = new Graph();

    @Test
    void asksForALookAtWhatNamesAnOwnerNobodyKnows() {
        assertThat(put("child", List.of(), "owner")).containsExactly("child");
        assertThat(put("owner", List.of())).isEmpty();
        assertThat(put("second", List.of(), "owner")).isEmpty();
        assertThat(graph.dependents("owner"))
                .extracting(node -> node.object().uid())
                .containsExactly("child", "second");
    }

    @Test
    void asksForALookAtTheDependentsOfWhatIsGone() {
        put("owner", List.of());
        put("child", List.of(), "owner");

        assertThat(graph.remove(object("owner", List.of()))).containsExactly("child");
        assertThat(graph.find("owner")).isEmpty();
    }

    @Test
    void asksForALookAtAnOwnerWhenADependentLeavesIt() {
        put("owner", List.of());
        put("child", List.of(), "owner");

        assertThat(put("child", List.of())).contains("owner");
        assertThat(graph.dependents("owner")).isEmpty();
    }

    @Test
    void asksForALookAtAllOnceAnOwnerWaitsForThem() {
        put("owner", List.of());
        put("child", List.of(), "owner");
        var waiting =
                new Observed(new Key("default", "owner"), "owner", 2, true, List.of(Observed.FOREGROUND), List.of());

        assertThat(graph.put(new Graph.Node(MAPS, waiting))).containsExactlyInAnyOrder("owner", "child");
    }

    @Test
    void asksForALookAtAnOwnerThatADependentBlocksNoMore() {
        put("owner", List.of());
        put("child", List.of(), "owner");
        var loose = new Observed.Owner("v1", "ConfigMap", "owner", "owner", false);
        var child = new Observed(new Key("default", "child"), "child", 2, false, List.of(), List.of(loose));

        assertThat(graph.put(new Graph.Node(MAPS, child))).containsExactly("owner");
    }

    private Set<String> put(String uid, List<String> finalizers, String... owners) {
        return graph.put(new Graph.Node(MAPS, object(uid, finalizers, owners)));
    }

    private static Observed object(String uid, List<String> finalizers, String... owners) {
        var references = List.of(owners).stream()
                .map(owner -> new Observed.Owner("v1", "ConfigMap", owner, owner, true))
                .toList();
        return new Observed(new Key("default", uid), uid, 1, false, finalizers, references);
    }
}
