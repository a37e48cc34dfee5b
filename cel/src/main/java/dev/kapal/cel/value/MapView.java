package dev.kapal.cel.value;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An object whose keys are data.
final class MapView extends AbstractMap<Object, Object> {
    private final ObjectNode object;
    private final Optional<Schema> values;

    /// @param values what all values are, if that is known
    MapView(ObjectNode object, Optional<Schema> values) {
        this.object = object;
        this.values = values;
    }

    ObjectNode node() {
        return object;
    }

    @Override
    public Object get(Object key) {
        var node = key instanceof String name ? object.get(name) : null;
        if (node == null) {
            return null;
        }
        return values.isPresent() ? Values.typed(node, values.get()) : Values.dynamic(node);
    }

    @Override
    public boolean containsKey(Object key) {
        return key instanceof String name && object.has(name);
    }

    @Override
    public int size() {
        return object.size();
    }

    @Override
    public Set<Map.Entry<Object, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<Object, Object>> iterator() {
                var names = object.fieldNames();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return names.hasNext();
                    }

                    @Override
                    public Map.Entry<Object, Object> next() {
                        var name = names.next();
                        return Map.entry(name, get(name));
                    }
                };
            }

            @Override
            public int size() {
                return object.size();
            }
        };
    }
}
