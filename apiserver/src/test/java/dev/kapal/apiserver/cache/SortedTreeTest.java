package dev.kapal.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortedTreeTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void behavesLikeASortedMapAndNeverChangesAnOldState(long seed) {
        var random = new Random(seed);
        var model = new TreeMap<String, Integer>();
        var tree = SortedTree.<Integer>empty();
        SortedTree<Integer> old = tree;
        List<Integer> oldValues = List.of();
        for (int step = 0; step < 3_000; step++) {
            var key = "k" + random.nextInt(400);
            if (random.nextInt(3) == 0) {
                model.remove(key);
                tree = tree.without(key);
            } else {
                model.put(key, step);
                tree = tree.with(key, step);
            }
            if (step % 100 == 0) {
                assertThat(values(old, "", "")).isEqualTo(oldValues);
                old = tree;
                oldValues = new ArrayList<>(model.values());
            }
            if (step % 20 == 0) {
                check(tree, model, random);
            }
        }
    }

    private static void check(SortedTree<Integer> tree, TreeMap<String, Integer> model, Random random) {
        assertThat(tree.size()).isEqualTo(model.size());
        var from = "k" + random.nextInt(400);
        var to = "k" + random.nextInt(400);
        if (from.compareTo(to) < 0) {
            var expected = new ArrayList<>(model.subMap(from, to).values());
            assertThat(values(tree, from, to)).isEqualTo(expected);
            assertThat(tree.count(from, to)).isEqualTo(expected.size());
        }
        assertThat(tree.find(from).orElse(-1)).isEqualTo(model.getOrDefault(from, -1));
        assertThat(values(tree, "", "")).isEqualTo(new ArrayList<>(model.values()));
    }

    private static List<Integer> values(SortedTree<Integer> tree, String from, String to) {
        var values = new ArrayList<Integer>();
        tree.visit(from, to, values::add);
        return values;
    }
}
