package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.List;

/// `PartialObjectMetadata`: an object without anything but its metadata.
public final class PartialObjects {
    private PartialObjects() {}

    /// @param apiVersion `meta.k8s.io/v1` or `meta.k8s.io/v1beta1`
    public static ObjectNode of(ObjectNode document, String apiVersion) {
        var partial = Documents.object().put("kind", "PartialObjectMetadata").put("apiVersion", apiVersion);
        partial.set("metadata", document.path("metadata"));
        return partial;
    }

    public static ObjectNode list(List<ObjectNode> documents, String apiVersion, ObjectNode metadata) {
        var list = Documents.object().put("kind", "PartialObjectMetadataList").put("apiVersion", apiVersion);
        list.set("metadata", metadata);
        var items = list.putArray("items");
        documents.forEach(document -> items.add(of(document, apiVersion)));
        return list;
    }
}
