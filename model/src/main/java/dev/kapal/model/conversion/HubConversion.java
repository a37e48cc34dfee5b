package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Conversion;
import dev.kapal.model.GroupVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Converts by way of the stored version. Stateless.
///
/// @param spokes the way of each version
/// @param fields the names of selectable fields where a version has other ones, by version
record HubConversion(
        GroupVersion stored, Function<GroupVersion, Spoke> spokes, Map<GroupVersion, Map<String, String>> fields)
        implements Conversion {

    @Override
    public List<ObjectNode> convert(List<ObjectNode> documents, GroupVersion to) {
        documents.forEach(document -> convert(document, to));
        return documents;
    }

    private void convert(ObjectNode document, GroupVersion to) {
        var from = GroupVersion.parse(document.path("apiVersion").asText());
        if (from.equals(to)) {
            return;
        }
        if (!from.equals(stored)) {
            spokes.apply(from).toStored(document);
        }
        if (!to.equals(stored)) {
            spokes.apply(to).toServed(document);
        }
        document.put("apiVersion", to.apiVersion());
    }

    @Override
    public Optional<String> field(GroupVersion version, String label) {
        var names = fields.get(version);
        return names == null ? Optional.of(label) : Optional.ofNullable(names.get(label));
    }
}
