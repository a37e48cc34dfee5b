package dev.kapal.model.protobuf;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A message's field numbers by name, the opposite of [MessageTable]. Immutable, any thread.
///
/// @param numbers of the fields that the message itself has
/// @param inline the numbers of the messages whose fields stand in the same JSON object, by field
record MessageLayout(Map<String, Integer> numbers, Map<String, Inline> inline) {
    private static final Map<String, MessageLayout> KNOWN = new ConcurrentHashMap<>();

    /// A message within the message that is no object of its own in JSON.
    record Inline(int number, String definition) {}

    static MessageLayout of(String definition) {
        var known = KNOWN.get(definition);
        if (known == null) {
            known = make(definition); // not within computeIfAbsent: it asks for others
            KNOWN.put(definition, known);
        }
        return known;
    }

    private static MessageLayout make(String definition) {
        var numbers = new HashMap<String, Integer>();
        var inline = new HashMap<String, Inline>();
        MessageTable.builtIn().message(definition).fields().forEach((number, field) -> {
            if (field.inline()) {
                var part = new Inline(number, field.name());
                var below = of(field.name());
                below.numbers.keySet().forEach(name -> inline.put(name, part));
                below.inline.keySet().forEach(name -> inline.put(name, part));
            } else {
                numbers.put(field.name(), number);
            }
        });
        return new MessageLayout(Map.copyOf(numbers), Map.copyOf(inline));
    }

    Optional<Integer> number(String field) {
        return Optional.ofNullable(numbers.get(field));
    }
}
