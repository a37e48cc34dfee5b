package dev.kapal.model.patch;

import static dev.kapal.model.Trees.bytes;
import static dev.kapal.model.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.RandomDocuments;
import dev.kapal.model.codec.Documents;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // RFC 7386, appendix A, what is about objects
                "{a: b}|{\"a\":\"c\"}|{a: c}",
                "{a: b}|{\"b\":\"c\"}|{a: b, b: c}",
                "{a: b}|{\"a\":null}|{}",
                "{a: b, b: c}|{\"a\":null}|{b: c}",
                "{a: [b]}|{\"a\":\"c\"}|{a: c}",
                "{a: c}|{\"a\":[\"b\"]}|{a: [b]}",
                "{a: {b: c}}|{\"a\":{\"b\":\"d\",\"c\":null}}|{a: {b: d}}",
                "{a: [{b: c}]}|{\"a\":[1]}|{a: [1]}",
                "{e: null}|{\"a\":1}|{e: null, a: 1}",
                "{}|{\"a\":{\"bb\":{\"ccc\":null}}}|{a: {bb: {}}}",
            })
    void mergesAsRfc7386Says(String document, String patch, String result) {
        assertThat(Patches.merge(tree(document), bytes(patch))).isEqualTo(tree(result));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // RFC 6902, appendix A
                "{foo: bar}|{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\"}|{baz: qux, foo: bar}",
                "{foo: [bar, baz]}|{\"op\":\"add\",\"path\":\"/foo/1\",\"value\":\"qux\"}|{foo: [bar, qux, baz]}",
                "{baz: qux, foo: bar}|{\"op\":\"remove\",\"path\":\"/baz\"}|{foo: bar}",
                "{foo: [bar, qux, baz]}|{\"op\":\"remove\",\"path\":\"/foo/1\"}|{foo: [bar, baz]}",
                "{baz: qux, foo: bar}|{\"op\":\"replace\",\"path\":\"/baz\",\"value\":\"boo\"}|{baz: boo, foo: bar}",
                "{foo: {bar: baz, waldo: fred}, qux: {corge: grault}}|{\"op\":\"move\",\"from\":\"/foo/waldo\",\"path\":\"/qux/thud\"}|{foo: {bar: baz}, qux: {corge: grault, thud: fred}}",
                "{foo: [all, grass, cows, eat]}|{\"op\":\"move\",\"from\":\"/foo/1\",\"path\":\"/foo/3\"}|{foo: [all, cows, eat, grass]}",
                "{baz: qux, foo: [a, 2, c]}|{\"op\":\"test\",\"path\":\"/foo/1\",\"value\":2.0}|{baz: qux, foo: [a, 2, c]}",
                "{foo: bar}|{\"op\":\"add\",\"path\":\"/child\",\"value\":{\"grandchild\":{}}}|{foo: bar, child: {grandchild: {}}}",
                "{foo: [bar]}|{\"op\":\"add\",\"path\":\"/foo/-\",\"value\":[\"abc\",\"def\"]}|{foo: [bar, [abc, def]]}",
                "{'/': 9, ~1: 10}|{\"op\":\"replace\",\"path\":\"/~01\",\"value\":1}|{'/': 9, ~1: 1}",
                "{a: 1}|{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"}|{a: 1, b: 1}",
                "{a: {b/c: 1}}|{\"op\":\"remove\",\"path\":\"/a/b~1c\"}|{a: {}}",
                "{}|{\"op\":\"test\",\"path\":\"/x\",\"value\":null}|{}",
            })
    void appliesAsRfc6902Says(String document, String operation, String result) {
        assertThat(Patches.json(tree(document), bytes("[" + operation + "]"))).isEqualTo(tree(result));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"op\":\"test\",\"path\":\"/baz\",\"value\":\"bar\"}",
                "{\"op\":\"add\",\"path\":\"/baz/bat\",\"value\":\"qux\"}",
                "{\"op\":\"remove\",\"path\":\"/baz\"}",
                "{\"op\":\"replace\",\"path\":\"/baz\",\"value\":1}",
                "{\"op\":\"add\",\"path\":\"/list/2\",\"value\":1}",
                "{\"op\":\"add\",\"path\":\"/list/01\",\"value\":1}",
                "{\"op\":\"jump\",\"path\":\"/foo\"}",
                "{\"op\":\"add\",\"path\":\"/foo\"}",
                "{\"op\":\"add\",\"path\":\"foo\",\"value\":1}",
            })
    void refusesWhatDoesNotApply(String operation) {
        var document = tree("{foo: bar, list: [1]}");
        assertThatThrownBy(() -> Patches.json(document, bytes("[" + operation + "]")))
                .isInstanceOfSatisfying(
                        PatchException.class, e -> assertThat(e.code()).isEqualTo(422))
                .hasMessage("the server rejected our request due to an error in our request");
        assertThat(document).isEqualTo(tree("{foo: bar, list: [1]}"));
    }

    @Test
    void copiesMustNotGrowWithoutBound() {
        var patch = IntStream.range(0, 200)
                .mapToObj(i -> "{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a" + i + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        assertThatThrownBy(() -> Patches.json(tree("{a: b}"), bytes(patch)))
                .isInstanceOfSatisfying(
                        PatchException.class,
                        refusal -> assertThat(refusal.detail()).endsWith("exceeding the limit 3145728"));
    }

    @Test
    void addedValuesMustNotGrowTooDeep() {
        var deep = "{\"a\":".repeat(400) + "1" + "}".repeat(400);
        var patch = IntStream.range(0, 50)
                .mapToObj(i -> "{\"op\":\"add\",\"path\":\"" + "/a".repeat(400 * i + 1) + "\",\"value\":" + deep + "}")
                .collect(Collectors.joining(",", "[", "]"));
        assertThatThrownBy(() -> Patches.json(tree("{}"), bytes(patch)))
                .isInstanceOfSatisfying(
                        PatchException.class,
                        refusal -> assertThat(refusal.detail()).isEqualTo("exceeded max depth"));
    }

    @Test
    void saysWhatIsMalformed() {
        assertThatThrownBy(() -> Patches.merge(tree("{}"), bytes("{bad")))
                .isInstanceOfSatisfying(
                        PatchException.class, e -> assertThat(e.code()).isEqualTo(400))
                .hasMessage("Invalid JSON Patch");
        assertThatThrownBy(() -> Patches.merge(tree("{}"), bytes("7"))).hasMessage("Invalid JSON Patch");
        assertThatThrownBy(() -> Patches.merge(tree("{}"), bytes("null"))).hasMessage("Invalid JSON Patch");
        assertThatThrownBy(() -> Patches.json(tree("{}"), bytes("[\"a\"]")))
                .hasMessage("json: cannot unmarshal string into Go value of type jsonpatch.Operation");
        assertThat(Patches.json(tree("{a: b}"), bytes("null"))).isEqualTo(tree("{a: b}"));
        assertThatThrownBy(() -> Patches.json(tree("{}"), bytes("{}")))
                .hasMessage("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
    }

    @Property
    void aMergePatchAppliedTwiceIsAppliedOnce(@ForAll long seed) {
        var random = new RandomDocuments(new Random(seed), true);
        var document = random.object(4);
        var patch = Documents.json(random.object(4));
        var once = Patches.merge(document, patch);
        assertThat(Patches.merge(once, patch)).isEqualTo(once);
    }

    @Property
    void aMergePatchLeadsFromOneDocumentToAnother(@ForAll long seed) {
        var random = new RandomDocuments(new Random(seed), false);
        var from = random.object(4);
        var to = random.object(4);
        assertThat(Patches.merge(from, Documents.json(difference(from, to)))).isEqualTo(to);
    }

    private static ObjectNode difference(ObjectNode from, ObjectNode to) {
        var patch = Documents.object();
        from.fieldNames().forEachRemaining(name -> {
            if (!to.has(name)) {
                patch.putNull(name);
            }
        });
        for (var field : to.properties()) {
            var old = from.get(field.getKey());
            boolean both = old instanceof ObjectNode && field.getValue() instanceof ObjectNode;
            patch.set(
                    field.getKey(),
                    both ? difference((ObjectNode) old, (ObjectNode) field.getValue()) : field.getValue());
        }
        return patch;
    }
}
