package dev.kapal.apiserver.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/// Reads what field selectors of a kind can select by. `metadata.name` and `metadata.namespace` are known without it.
@FunctionalInterface
public interface FieldReader {
    FieldReader NONE = object -> Map.of();

    /// The value by field, such as `status.phase`; absent ones may be left out.
    Map<String, String> fields(ObjectNode object);

    /// The reader that reads now: a custom resource can get other fields while its objects are held.
    default FieldReader current() {
        return this;
    }
}
