package dev.kapal.model.protobuf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The field numbers of Kubernetes' messages, read from `messages.txt` when the first message comes in. Immutable, any
/// thread.
final class MessageTable {

    private static final class BuiltIn {
        static final MessageTable TABLE = load();
    }

    /// @param name of the field, or of the message when it is inline
    /// @param pointer whether a value that is zero differs from none
    /// @param inline whether the fields of the message stand in the object around it
    record Field(String name, boolean pointer, boolean inline) {}

    /// A message's fields by number.
    record Message(Map<Integer, Field> fields) {
        Optional<Field> field(int number) {
            return Optional.ofNullable(fields.get(number));
        }
    }

    private final Map<String, String> prefixes = new HashMap<>();
    private final Map<String, Message> messages = new HashMap<>();
    /// The prefixes of the versions whose messages a version has, too, by its own prefix.
    private final Map<String, List<String>> alike = new HashMap<>();

    private MessageTable() {}

    static MessageTable builtIn() {
        return BuiltIn.TABLE;
    }

    /// Where the definitions of a group and version are: `io.k8s.api.apps.v1.` for `apps/v1`.
    Optional<String> prefix(String apiVersion) {
        return Optional.ofNullable(prefixes.get(apiVersion));
    }

    Optional<Message> find(String definition) {
        var own = messages.get(definition);
        return own == null ? findAlike(definition) : Optional.of(own);
    }

    private Optional<Message> findAlike(String definition) {
        int name = definition.lastIndexOf('.') + 1;
        return alike.getOrDefault(definition.substring(0, name), List.of()).stream()
                .map(prefix -> messages.get(prefix + definition.substring(name)))
                .filter(Objects::nonNull)
                .findFirst();
    }

    /// For a message that another one holds: not to know it is a defect.
    Message message(String definition) {
        return find(definition).orElseThrow(() -> new IllegalStateException("messages.txt lacks " + definition));
    }

    /// `io.k8s.api.apps.v1.` and the others.
    Collection<String> prefixes() {
        return Collections.unmodifiableCollection(prefixes.values());
    }

    Set<String> names() {
        return Collections.unmodifiableSet(messages.keySet());
    }

    private static MessageTable load() {
        try (var in = MessageTable.class.getResourceAsStream("messages.txt");
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            var table = new MessageTable();
            var prefix = "";
            Map<Integer, Field> open = Map.of();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                if (line.startsWith("[")) {
                    prefix = table.addVersion(
                            line.substring(1, line.length() - 1).split(" "));
                    continue;
                }
                var words = line.split(" +");
                if (!line.startsWith(" ")) {
                    open = new HashMap<>();
                    table.messages.put(prefix + words[0], new Message(Collections.unmodifiableMap(open)));
                }
                for (int i = 1; i < words.length; i++) {
                    addField(words[i], prefix, open);
                }
            }
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `v1 io.k8s.api.core.v1`, maybe with `like` and versions that stand before.
    private String addVersion(String[] words) {
        var prefix = words[1] + ".";
        prefixes.put(words[0], prefix);
        alike.put(prefix, Arrays.stream(words).skip(3).map(prefixes::get).toList());
        return prefix;
    }

    /// `name=3`, `name=3*` or `+Message=3`.
    private static void addField(String word, String prefix, Map<Integer, Field> fields) {
        int equals = word.indexOf('=');
        boolean pointer = word.endsWith("*");
        boolean inline = word.startsWith("+");
        int number = Integer.parseInt(word, equals + 1, word.length() - (pointer ? 1 : 0), 10);
        var name = inline ? prefix + word.substring(1, equals) : word.substring(0, equals);
        if (fields.put(number, new Field(name, pointer, inline)) != null) {
            throw new IllegalStateException("messages.txt uses a number twice: " + word);
        }
    }
}
