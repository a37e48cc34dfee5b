package dev.kapal.model.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.FieldCheck;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What must hold of sets of fields, merges and owners whatever they are.
class FieldSetPropertyTest {
    private static final FieldManagement MAPS = new FieldManagement(
            SchemaLibrary.builtIn().schema("io.k8s.api.core.v1.ConfigMap"),
            "v1",
            FieldSet.EMPTY,
            FieldManagement.Versions.NONE);

    @Provide
    Arbitrary<FieldSet> sets() {
        var name = Arbitraries.of("a", "b", "c");
        var path = name.list().ofMinSize(1).ofMaxSize(3).map(parts -> String.join(".", parts));
        return path.list().ofMaxSize(5).map(paths -> FieldSet.of(paths.toArray(String[]::new)));
    }

    /// Labels and finalizers out of few, so that writers meet.
    @Provide
    Arbitrary<ObjectNode> configs() {
        var names = Arbitraries.of("a", "b", "c").list().uniqueElements().ofMaxSize(3);
        var value = Arbitraries.of("x", "z");
        return Combinators.combine(names, names, value).as(FieldSetPropertyTest::config);
    }

    private static ObjectNode config(List<String> labels, List<String> finalizers, String value) {
        var config = Documents.object();
        var metadata = config.putObject("metadata");
        var map = metadata.putObject("labels");
        labels.forEach(label -> map.put(label, value));
        var set = metadata.putArray("finalizers");
        finalizers.forEach(set::add);
        return config;
    }

    @Property
    void unionHoldsBothAndDifferenceTakesItBack(@ForAll("sets") FieldSet a, @ForAll("sets") FieldSet b) {
        var union = a.union(b);
        assertThat(union).isEqualTo(b.union(a));
        assertThat(a.difference(union).isEmpty()).isTrue();
        assertThat(union.intersection(a)).isEqualTo(a);
        assertThat(union.difference(b).union(b)).isEqualTo(union);
        assertThat(a.difference(b).intersection(b).isEmpty()).isTrue();
    }

    @Property
    void readsWhatItWrote(@ForAll("sets") FieldSet set) {
        assertThat(FieldSet.read(set.json())).isEqualTo(set);
    }

    @Property
    void applyingTwiceIsApplyingOnce(@ForAll("configs") ObjectNode live, @ForAll("configs") ObjectNode config) {
        var one = Writer.applying("one", "");
        var first = MAPS.apply(Optional.of(live), config, Ownership.NOBODY, one, true, "t", "m");
        var document = first.document().orElse(live);
        var second = MAPS.apply(Optional.of(document), config, first.ownership(), one, false, "u", "m");
        assertThat(second.document()).isEmpty();
        assertThat(second.ownership()).isEqualTo(first.ownership());
    }

    @Property
    void aConfigurationHoldsAfterItWasApplied(
            @ForAll("configs") ObjectNode live,
            @ForAll("configs") ObjectNode before,
            @ForAll("configs") ObjectNode config) {
        var one = Writer.applying("one", "");
        var first = MAPS.apply(Optional.of(live), before, Ownership.NOBODY, one, true, "t", "m");
        var document = first.document().orElse(live);
        var second = MAPS.apply(Optional.of(document), config, first.ownership(), one, true, "u", "m");
        var result = second.document().orElse(document);
        var again = (ObjectNode) Merge.of(TypedSchema.of(MAPS.schema()), result, config);
        FieldCheck.prune(MAPS.schema(), result);
        FieldCheck.prune(MAPS.schema(), again);
        assertThat(again).isEqualTo(result);
    }

    @Property
    void twoWhoAgreeOnNothingNeverOwnTheSameField(
            @ForAll("configs") ObjectNode one, @ForAll("configs") ObjectNode other) {
        var first = MAPS.apply(Optional.empty(), one, Ownership.NOBODY, Writer.applying("one", ""), true, "t", "m");
        var document = first.document().orElseThrow();
        var second =
                MAPS.apply(Optional.of(document), other, first.ownership(), Writer.applying("two", ""), true, "u", "m");
        var changed = Comparison.of(
                TypedSchema.of(MAPS.schema()), document, second.document().orElse(document));
        var left = second.ownership().shares().get(Writer.applying("one", ""));
        if (left != null) {
            assertThat(left.fields().intersection(changed.changed()).isEmpty()).isTrue();
        }
    }
}
