package dev.kapal.model.structural;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.FieldCheck;
import dev.kapal.model.defaults.Defaults;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Whatever a schema says and whatever a client sends: the validator answers, and what was pruned and defaulted stays
/// as
/// it is when that is done again.
class StructuralSchemaTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "metadata", "apiVersion");
    private static final int DEPTH = 4;

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static StructuralSchema schema(long seed) {
        var root = objectSchema(new Random(seed), 0);
        return StructuralSchema.root(
                root,
                new StructuralSchema.Resource(
                        "x", new GroupVersionKind("example.com", "v1", "X"), List.of(), true, () -> false));
    }

    private static ObjectNode objectSchema(Random random, int depth) {
        var schema = object().put("type", "object");
        if (random.nextInt(5) == 0 && depth > 0) {
            schema.set("additionalProperties", anySchema(random, depth + 1));
            return schema;
        }
        var properties = schema.putObject("properties");
        for (var name : NAMES.subList(0, 3)) {
            if (random.nextBoolean()) {
                properties.set(name, anySchema(random, depth + 1));
            }
        }
        if (random.nextInt(4) == 0) {
            schema.put("x-kubernetes-preserve-unknown-fields", true);
        }
        if (random.nextInt(6) == 0 && depth > 0) {
            schema.put("x-kubernetes-embedded-resource", true);
        }
        if (random.nextInt(3) == 0) {
            schema.putArray("required").add("a");
        }
        return schema;
    }

    private static ObjectNode anySchema(Random random, int depth) {
        var schema = switch (random.nextInt(depth > DEPTH ? 4 : 6)) {
            case 0 -> text(random);
            case 1 ->
                object().put("type", "integer")
                        .put("maximum", random.nextInt(5))
                        .put("minimum", -1);
            case 2 -> object().put("type", "boolean");
            case 3 -> object().put("x-kubernetes-int-or-string", true);
            case 4 -> {
                var list = object().put("type", "array").put("maxItems", 2);
                list.set("items", anySchema(random, depth + 1));
                yield random.nextInt(3) == 0 ? list.put("x-kubernetes-list-type", "set") : list;
            }
            default -> objectSchema(random, depth);
        };
        if (random.nextInt(4) == 0) {
            schema.put("nullable", true);
        }
        if (random.nextInt(6) == 0) {
            schema.putArray("oneOf").addObject().put("minimum", 1);
        }
        return schema;
    }

    private static ObjectNode text(Random random) {
        var schema = object().put("type", "string");
        switch (random.nextInt(5)) {
            case 0 -> schema.put("pattern", "^[ab]+$");
            case 1 ->
                schema.put(
                        "format",
                        List.of("date-time", "byte", "ipv6", "cidr", "uri").get(random.nextInt(5)));
            case 2 -> schema.put("default", "a");
            case 3 -> schema.putArray("enum").add("a").add("b");
            default -> schema.put("maxLength", 1).put("minLength", 1);
        }
        return schema;
    }

    private static JsonNode value(Random random, int depth) {
        var nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(depth > DEPTH ? 6 : 9)) {
            case 0 -> nodes.textNode("ab");
            case 1 -> nodes.textNode("::1");
            case 2 -> nodes.numberNode(random.nextInt(8) - 2);
            case 3 -> nodes.numberNode(random.nextDouble() * 1e30);
            case 4 -> nodes.booleanNode(random.nextBoolean());
            case 5 -> nodes.nullNode();
            case 6 -> {
                var list = nodes.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                yield list;
            }
            default -> document(random, depth);
        };
    }

    private static ObjectNode document(Random random, int depth) {
        var document = object();
        for (var name : NAMES) {
            if (random.nextInt(3) > 0) {
                document.set(name, name.equals("metadata") ? object().put("name", "n") : value(random, depth + 1));
            }
        }
        return document;
    }

    @Property(tries = 2000)
    void pruningAndDefaultingTwiceIsTheSameAsOnce(@ForAll long schemaSeed, @ForAll long valueSeed) {
        var schema = schema(schemaSeed);
        var document = document(new Random(valueSeed), 0);
        FieldCheck.prune(schema, document);
        Defaults.apply(schema, document);
        var once = document.deepCopy();
        FieldCheck.prune(schema, document);
        Defaults.apply(schema, document);
        assertThat(document).isEqualTo(once);
        assertThat(FieldCheck.unknown(schema, document)).isEmpty();
    }

    @Property(tries = 2000)
    void everyValueIsJudged(@ForAll long schemaSeed, @ForAll long valueSeed) {
        var schema = schema(schemaSeed);
        var document = document(new Random(valueSeed), 0);
        var rules = ValueRules.of(schema.node());
        var problems = rules.check("", document);
        problems.forEach(problem -> assertThat(problem.message()).isNotBlank());
        ListTypes.check("", schema, document);
        // what has not changed is no reason to refuse an update
        assertThat(rules.checkUpdate("", document, Documents.read(Documents.json(document)))
                        .problems())
                .isEmpty();
    }
}
