package dev.kapal.cel.value;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.kapal.model.Schema;
import java.util.AbstractList;
import java.util.Optional;
import java.util.RandomAccess;

/// A list of a document. Remembers its schema, because sets and maps that are written as lists compare without order.
public final class ListView extends AbstractList<Object> implements RandomAccess {
    private final ArrayNode array;
    private final Optional<Schema> list;
    private final Optional<Schema> items;

    ListView(ArrayNode array, Optional<Schema> list) {
        this.array = array;
        this.list = list;
        this.items = list.flatMap(Schema::items);
    }

    ArrayNode node() {
        return array;
    }

    /// What the schema says of the list, if there is one.
    public Optional<Schema> schema() {
        return list;
    }

    @Override
    public Object get(int index) {
        var node = array.get(index);
        if (node == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return items.isPresent() ? Values.typed(node, items.get()) : Values.dynamic(node);
    }

    @Override
    public int size() {
        return array.size();
    }
}
