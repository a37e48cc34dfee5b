package dev.kapal.model.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FieldManagementTest {
    private static final FieldManagement PODS = new FieldManagement(
            SchemaLibrary.builtIn().schema("io.k8s.api.core.v1.Pod"),
            "v1",
            FieldSet.of("status"),
            FieldManagement.Versions.NONE);
    private static final Writer ONE = Writer.applying("one", "");
    private static final Writer TWO = Writer.applying("two", "");
    private static final Writer UPDATER = Writer.updating("updater", "v1", "");

    private static ObjectNode tree(String yaml) {
        return new DocumentDecoder()
                .decode(yaml.getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                .document();
    }

    /// An object and its owners, step by step.
    private static final class Story {
        ObjectNode object = Documents.object();
        Ownership owners = Ownership.NOBODY;

        Story apply(Writer writer, String yaml) {
            return apply(writer, yaml, false);
        }

        Story apply(Writer writer, String yaml, boolean force) {
            var applied = PODS.apply(Optional.of(object), tree(yaml), owners, writer, force, "now", "p");
            object = applied.document().orElse(object);
            owners = applied.ownership();
            return this;
        }

        Story update(Writer writer, String yaml) {
            var next = tree(yaml);
            owners = owners.isEmpty()
                    ? PODS.created(next, owners, writer, "now")
                    : PODS.updated(object, next, owners, writer, "now");
            object = next;
            return this;
        }

        String owned(Writer writer) {
            return owners.shares().containsKey(writer)
                    ? owners.shares().get(writer).fields().toString()
                    : "nothing";
        }
    }

    @Test
    void mergesListsByTheirKeysInTheOrderOfTheConfiguration() {
        var story = new Story()
                .apply(ONE, "{spec: {containers: [{name: a, image: x}, {name: b, image: x}, {name: c, image: x}]}}")
                .apply(TWO, "{spec: {containers: [{name: d}, {name: c}, {name: a, tty: true}]}}");
        assertThat(story.object).isEqualTo(tree("""
                {spec: {containers: [{name: b, image: x}, {name: d}, {name: c, image: x},
                                     {name: a, image: x, tty: true}]}}"""));
    }

    @Test
    void mergesSetsValueByValue() {
        var story = new Story()
                .apply(ONE, "{metadata: {finalizers: [x/a, x/b]}}")
                .apply(TWO, "{metadata: {finalizers: [x/b, x/c]}}")
                .apply(ONE, "{metadata: {finalizers: [x/d]}}");
        assertThat(story.object).isEqualTo(tree("{metadata: {finalizers: [x/b, x/c, x/d]}}"));
        assertThat(story.owned(ONE)).isEqualTo("{\"f:metadata\":{\"f:finalizers\":{\"v:\\\"x/d\\\"\":{}}}}");
    }

    @Test
    void replacesAtomicListsAndMapsWhole() {
        var story = new Story()
                .apply(ONE, "{spec: {nodeSelector: {a: x, b: x}, tolerations: [{key: a}]}}")
                .apply(ONE, "{spec: {nodeSelector: {c: x}, tolerations: [{key: b}, {key: c}]}}");
        assertThat(story.object).isEqualTo(tree("{spec: {nodeSelector: {c: x}, tolerations: [{key: b}, {key: c}]}}"));
        assertThat(story.owned(ONE)).isEqualTo("{\"f:spec\":{\"f:nodeSelector\":{},\"f:tolerations\":{}}}");
    }

    @Test
    void takesAwayAWholeItemThatItsOnlyOwnerGaveUp() {
        var story = new Story()
                .apply(ONE, "{spec: {containers: [{name: a, image: x}, {name: b, image: x}]}}")
                .apply(ONE, "{spec: {containers: [{name: b, image: x}]}}");
        assertThat(story.object).isEqualTo(tree("{spec: {containers: [{name: b, image: x}]}}"));
    }

    @Test
    void keepsAnItemThatAnotherAppliesToo() {
        var story = new Story()
                .apply(ONE, "{spec: {containers: [{name: a, image: x}]}}")
                .apply(TWO, "{spec: {containers: [{name: a, tty: true}]}}")
                .apply(ONE, "{spec: {hostname: h}}");
        assertThat(story.object).isEqualTo(tree("{spec: {hostname: h, containers: [{name: a, tty: true}]}}"));
    }

    @Test
    void keepsWhatAnUpdaterChangedAfterwards() {
        var story = new Story()
                .apply(ONE, "{metadata: {labels: {a: x, b: x}}}")
                .update(UPDATER, "{metadata: {labels: {a: z, b: x}}}")
                .apply(ONE, "{metadata: {labels: {b: x}}}");
        assertThat(story.object).isEqualTo(tree("{metadata: {labels: {a: z, b: x}}}"));
        assertThat(story.owned(UPDATER)).isEqualTo("{\"f:metadata\":{\"f:labels\":{\"f:a\":{}}}}");
    }

    @Test
    void sharesAFieldOnWhoseValueAllAgree() {
        var story = new Story()
                .apply(ONE, "{spec: {hostname: h}}")
                .apply(TWO, "{spec: {hostname: h}}")
                .apply(ONE, "{spec: {subdomain: s}}");
        assertThat(story.object).isEqualTo(tree("{spec: {hostname: h, subdomain: s}}"));
        assertThat(story.owned(TWO)).isEqualTo("{\"f:spec\":{\"f:hostname\":{}}}");
    }

    @Test
    void refusesToChangeASharedFieldAlone() {
        var story = new Story().apply(ONE, "{spec: {hostname: h}}").apply(TWO, "{spec: {hostname: h}}");
        assertThatThrownBy(() -> story.apply(ONE, "{spec: {hostname: i}}"))
                .isInstanceOf(ApplyException.Conflicted.class)
                .hasMessage("Apply failed with 1 conflict: conflict with \"two\": .spec.hostname");
        story.apply(ONE, "{spec: {hostname: i}}", true);
        assertThat(story.owned(TWO)).isEqualTo("nothing");
    }

    @Test
    void findsPortsByNumberAndDefaultProtocol() {
        var story = new Story()
                .apply(ONE, "{spec: {containers: [{name: a, ports: [{containerPort: 80}]}]}}")
                .apply(TWO, "{spec: {containers: [{name: a, ports: [{containerPort: 80, protocol: TCP, name: w}]}]}}");
        assertThat(story.object)
                .isEqualTo(tree(
                        "{spec: {containers: [{name: a, ports: [{containerPort: 80, protocol: TCP, name: w}]}]}}"));
    }

    @Test
    void refusesItemsThatStandTwice() {
        assertThatThrownBy(() -> new Story().apply(ONE, "{spec: {containers: [{name: a}, {name: a}]}}"))
                .isInstanceOf(ApplyException.Unfit.class)
                .hasMessageEndingWith(".spec.containers: duplicate entries for key [name=\"a\"]");
    }

    @Test
    void leavesTheFieldsOfOthersAloneInAnUpdateThatChangesNothing() {
        var story = new Story().apply(ONE, "{spec: {hostname: h}}");
        var before = story.owners;
        story.update(UPDATER, "{spec: {hostname: h}}");
        assertThat(story.owners).isSameAs(before);
    }

    @Test
    void ownsNoStatusThroughTheObjectItself() {
        var story = new Story().update(UPDATER, "{spec: {hostname: h}, status: {phase: Running}}");
        assertThat(story.owned(UPDATER)).isEqualTo("{\"f:spec\":{\"f:hostname\":{}}}");
    }

    @Test
    void writesAndReadsOwners() {
        var story = new Story()
                .update(UPDATER, "{spec: {hostname: h}}")
                .apply(ONE, "{metadata: {labels: {a: x}, finalizers: [x/a]}}");
        assertThat(Ownership.read(story.owners.json())).contains(story.owners);
        assertThat(Ownership.read(
                        tree("{e: [{operation: Apply, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {'x:a': {}}}]}")
                                .get("e")))
                .isEmpty();
    }
}
