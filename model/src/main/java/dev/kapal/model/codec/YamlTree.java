package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// Turns YAML nodes into the JSON tree that upstream's converter makes of them: aliases expanded within a limit, merge
/// keys applied, keys made strings.
final class YamlTree {
    /// Nodes that a document may expand to; a body is at most 3 MiB, so only aliases can reach it.
    private static final int MAX_NODES = 2_000_000;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<String> duplicates = new ArrayList<>();
    private final Set<Node> open = new HashSet<>();
    private int nodes;

    JsonNode convert(Node node) {
        if (node == null) {
            return NODES.nullNode();
        }
        if (++nodes > MAX_NODES) {
            throw YamlFormat.failure("document contains excessive aliasing");
        }
        return switch (node) {
            case ScalarNode scalar -> YamlScalar.convert(scalar);
            case SequenceNode sequence ->
                guarded(sequence, () -> {
                    var array = NODES.arrayNode();
                    sequence.getValue().forEach(item -> array.add(convert(item)));
                    return array;
                });
            case MappingNode mapping ->
                guarded(mapping, () -> {
                    var object = NODES.objectNode();
                    fill(object, mapping);
                    return object;
                });
            default -> NODES.nullNode();
        };
    }

    /// One message for each key that stands twice, as upstream's strict YAML reader words it.
    List<String> duplicates() {
        return duplicates;
    }

    private JsonNode guarded(Node node, Supplier<JsonNode> conversion) {
        if (!open.add(node)) {
            var anchor = node.getAnchor() == null ? "" : node.getAnchor();
            throw YamlFormat.failure("anchor '" + anchor + "' value contains itself");
        }
        var value = conversion.get();
        open.remove(node);
        return value;
    }

    private void fill(ObjectNode object, MappingNode mapping) {
        var own = new HashSet<String>();
        for (var tuple : mapping.getValue()) {
            if (!isMerge(tuple)) {
                var key = key(tuple.getKeyNode());
                if (!own.add(key) && duplicates.size() < UnknownFields.MOST) {
                    int line = tuple.getKeyNode().getStartMark().getLine() + 1;
                    duplicates.add("  line " + line + ": key " + GoText.quote(key) + " already set in map");
                }
                object.set(key, convert(tuple.getValueNode()));
            }
        }
        mapping.getValue().stream().filter(YamlTree::isMerge).forEach(t -> merge(object, t.getValueNode()));
    }

    /// What is merged in never replaces what is there; of several sources the first wins.
    private void merge(ObjectNode object, Node source) {
        switch (convert(source)) {
            case ObjectNode merged -> merged.properties().forEach(e -> object.putIfAbsent(e.getKey(), e.getValue()));
            case ArrayNode sources -> {
                for (var merged : sources) {
                    merged.properties().forEach(e -> object.putIfAbsent(e.getKey(), e.getValue()));
                }
            }
            default -> throw YamlFormat.failure("map merge requires map or sequence of maps as the value");
        }
    }

    private static boolean isMerge(NodeTuple tuple) {
        return tuple.getKeyNode().getTag().equals(Tag.MERGE);
    }

    private static String key(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw YamlFormat.failure("invalid map key");
        }
        var value = YamlScalar.convert(scalar);
        return value.isNull() ? "null" : value.asText();
    }
}
