package dev.kapal.controllers.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Key;
import dev.kapal.controllers.garbage.Verdict.Standing;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictTest {
    private static final Resource MAPS = new Resource("/api/v1", "v1", "ConfigMap", "configmaps", true);
    private static final List<String> NONE = List.of();
    private static final List<String> FOREGROUND = List.of(Observed.FOREGROUND);

    private record Case(
            String name, Observed object, List<Graph.Node> dependents, Map<String, Standing> owners, Verdict verdict) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        var child = node(object("child", false, NONE, owner("me", true)));
        var loose = node(object("loose", false, NONE, owner("me", false)));
        var waitingChild = node(object("child", true, FOREGROUND, owner("me", true)));
        var orphaned = object("me", false, NONE, owner("a", true));
        return Stream.of(
                new Case("nobody's", object("me", false, NONE), List.of(), Map.of(), new Verdict.Keep()),
                new Case("owned", orphaned, List.of(), Map.of("a", Standing.SOLID), new Verdict.Keep()),
                new Case(
                        "its owner is gone",
                        orphaned,
                        List.of(child),
                        Map.of("a", Standing.ABSENT),
                        new Verdict.Delete("Background", false)),
                new Case(
                        "one of two owners is gone",
                        object("me", false, NONE, owner("a", true), owner("b", false)),
                        List.of(),
                        Map.of("a", Standing.ABSENT, "b", Standing.SOLID),
                        new Verdict.Disown(List.of("a"))),
                new Case(
                        "one owner stays, one waits",
                        object("me", false, NONE, owner("a", true), owner("b", false)),
                        List.of(),
                        Map.of("a", Standing.WAITING, "b", Standing.SOLID),
                        new Verdict.Disown(List.of("a"))),
                new Case(
                        "its owner waits and it has dependents",
                        orphaned,
                        List.of(child),
                        Map.of("a", Standing.WAITING),
                        new Verdict.Delete("Foreground", false)),
                new Case(
                        "its owner waits and it has none",
                        orphaned,
                        List.of(),
                        Map.of("a", Standing.WAITING),
                        new Verdict.Delete("Background", false)),
                new Case(
                        "a circle of waiting owners",
                        orphaned,
                        List.of(waitingChild),
                        Map.of("a", Standing.WAITING),
                        new Verdict.Delete("Foreground", true)),
                new Case(
                        "a circle of waiting owners that it does not block",
                        object("me", false, NONE, owner("a", false)),
                        List.of(waitingChild),
                        Map.of("a", Standing.WAITING),
                        new Verdict.Delete("Foreground", false)),
                new Case(
                        "asked to orphan its own",
                        object("me", false, List.of(Observed.ORPHAN), owner("a", true)),
                        List.of(),
                        Map.of("a", Standing.ABSENT),
                        new Verdict.Delete("Orphan", false)),
                new Case(
                        "going already",
                        object("me", true, NONE, owner("a", true)),
                        List.of(),
                        Map.of("a", Standing.ABSENT),
                        new Verdict.Keep()),
                new Case(
                        "waits for who blocks it",
                        object("me", true, FOREGROUND),
                        List.of(child, loose),
                        Map.of(),
                        new Verdict.Await(List.of(child))),
                new Case(
                        "nobody blocks it",
                        object("me", true, FOREGROUND),
                        List.of(loose),
                        Map.of(),
                        new Verdict.Release()),
                new Case(
                        "leaves its dependents behind",
                        object("me", true, List.of(Observed.ORPHAN)),
                        List.of(child),
                        Map.of(),
                        new Verdict.Orphan(List.of(child))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void judges(Case given) {
        assertThat(Verdict.on(given.object(), given.dependents(), given.owners()))
                .isEqualTo(given.verdict());
    }

    private static Graph.Node node(Observed object) {
        return new Graph.Node(MAPS, object);
    }

    private static Observed object(String uid, boolean deleting, List<String> finalizers, Observed.Owner... owners) {
        return new Observed(new Key("default", uid), uid, 1, deleting, finalizers, List.of(owners));
    }

    private static Observed.Owner owner(String uid, boolean blocks) {
        return new Observed.Owner("v1", "ConfigMap", uid, uid, blocks);
    }
}
