package dev.kapal.cel.value;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.cel.Identifiers;
import dev.kapal.model.Schema;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// An object whose keys are the fields of its type, by their identifiers. Fields that the schema does not name are not
/// there.
final class ObjectView extends AbstractMap<Object, Object> {
    private final ObjectNode object;
    private final Schema schema;

    ObjectView(ObjectNode object, Schema schema) {
        this.object = object;
        this.schema = schema;
    }

    ObjectNode node() {
        return object;
    }

    @Override
    public Object get(Object key) {
        if (!(key instanceof String identifier)) {
            return null;
        }
        var name = Identifiers.unescape(identifier);
        var node = object.get(name);
        var field = schema.properties().get(name);
        return node == null || field == null ? null : Values.typed(node, field);
    }

    @Override
    public boolean containsKey(Object key) {
        if (!(key instanceof String identifier)) {
            return false;
        }
        var name = Identifiers.unescape(identifier);
        return object.has(name) && schema.properties().containsKey(name);
    }

    @Override
    public Set<Map.Entry<Object, Object>> entrySet() {
        var fields = new LinkedHashMap<Object, Object>();
        object.fieldNames().forEachRemaining(name -> {
            var field = schema.properties().get(name);
            if (field != null) {
                Identifiers.escape(name).ifPresent(id -> fields.put(id, Values.typed(object.get(name), field)));
            }
        });
        return fields.entrySet();
    }
}
