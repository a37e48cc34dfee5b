package dev.kapal.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.random.RandomGenerator;

/// Small random trees with few different keys, so that two of them often have something in common.
public final class RandomDocuments {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "yes",
            "null",
            "~",
            "0644",
            "1e3",
            "0x1f",
            "1_0",
            "2024-01-01",
            "- a",
            "a: b",
            "#",
            "on",
            "y",
            "é✓",
            "two\nlines",
            " x ",
            "'",
            "\"",
            "<<",
            "=",
            "!x",
            "&x",
            "*x",
            "0o17",
            ".5",
            "1.",
            "%",
            "@",
            "`",
            "[",
            "{}",
            ",");

    private final RandomGenerator random;
    private final boolean nulls;

    public RandomDocuments(RandomGenerator random, boolean nulls) {
        this.random = random;
        this.nulls = nulls;
    }

    public ObjectNode object(int depth) {
        var object = NODES.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.set("abcdef".charAt(random.nextInt(6)) + (random.nextInt(8) == 0 ? "/~" : ""), value(depth - 1));
        }
        return object;
    }

    public JsonNode value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0, 1 -> NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
            case 2 -> NODES.numberNode(random.nextInt(-5, 1000));
            case 3 -> NODES.numberNode(random.nextLong());
            case 4 -> NODES.booleanNode(random.nextBoolean());
            case 5 -> nulls ? NODES.nullNode() : NODES.numberNode(random.nextInt(100) + 0.5);
            case 6 -> {
                var array = NODES.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(depth - 1));
                }
                yield array;
            }
            default -> object(depth);
        };
    }
}
