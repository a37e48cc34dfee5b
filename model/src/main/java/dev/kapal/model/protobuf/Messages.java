package dev.kapal.model.protobuf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The field numbers of Kubernetes' messages, read from the file that the build made when the first message comes in.
/// Immutable.
final class Messages {

    private static final class Known {
        static final Map<String, Map<Integer, Field>> BY_NAME = load();
    }

    /// How often a field occurs.
    enum Shape {
        ONE,
        LIST,
        MAP
    }

    /// @param type `string`, `bytes`, `bool`, `int`, or the name of a message; of a map, the type of its values
    record Field(String name, Shape shape, String type) {}

    private Messages() {}

    /// The fields of a message by number.
    static Optional<Map<Integer, Field>> find(String message) {
        return Optional.ofNullable(Known.BY_NAME.get(message));
    }

    private static Map<String, Map<Integer, Field>> load() {
        try (var in = Messages.class.getResourceAsStream("/dev/kapal/model/protobuf.txt")) {
            var messages = new HashMap<String, Map<Integer, Field>>();
            Map<Integer, Field> open = Map.of();
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                var words = line.split(" ");
                if (words.length == 1) {
                    open = messages.computeIfAbsent(line, name -> new HashMap<>());
                    continue;
                }
                open.put(Integer.valueOf(words[0]), new Field(words[1], shape(words[2]), words[3]));
            }
            return messages;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Shape shape(String word) {
        return switch (word) {
            case "one" -> Shape.ONE;
            case "list" -> Shape.LIST;
            case "map" -> Shape.MAP;
            default -> throw new IllegalStateException("protobuf.txt: " + word);
        };
    }
}
