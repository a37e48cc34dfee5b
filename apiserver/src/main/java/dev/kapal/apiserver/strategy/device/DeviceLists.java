package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import java.util.HashSet;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Lists with a bound: first each item is looked at, then how many there are, then whether one is there twice.
final class DeviceLists {
    private DeviceLists() {}

    /// @param check of one item at its path
    static void check(String path, JsonNode items, int most, BiConsumer<String, JsonNode> check, Problems problems) {
        for (int i = 0; i < items.size(); i++) {
            check.accept(Problems.at(path, i), items.get(i));
        }
        if (items.size() > most) {
            problems.tooMany(path, items.size(), most);
        }
    }

    /// As above, for items that differ by a field.
    static void checkSet(
            String path, JsonNode items, int most, String key, BiConsumer<String, JsonNode> check, Problems problems) {
        check(path, items, most, check, problems);
        checkOnce(path, items, "." + key, item -> item.path(key).asText(""), problems);
    }

    /// As above, for plain texts.
    static void checkTexts(String path, JsonNode texts, int most, BiConsumer<String, String> check, Problems problems) {
        check(path, texts, most, (at, text) -> check.accept(at, text.asText()), problems);
        checkOnce(path, texts, "", JsonNode::asText, problems);
    }

    /// @param suffix of the path of an item that is there twice
    static void checkOnce(
            String path, JsonNode items, String suffix, Function<JsonNode, Object> key, Problems problems) {
        var seen = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            var found = key.apply(items.get(i));
            if (!seen.add(found)) {
                problems.duplicate(Problems.at(path, i) + suffix, found);
            }
        }
    }
}
