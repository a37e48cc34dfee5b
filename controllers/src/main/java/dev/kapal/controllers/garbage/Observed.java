package dev.kapal.controllers.garbage;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.client.Key;
import dev.kapal.client.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What garbage collection needs to know about an object: its metadata, and little of that. Immutable.
record Observed(Key key, String uid, long revision, boolean deleting, List<String> finalizers, List<Owner> owners) {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    private static final String METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private static final String METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    /// @param blocks whether a foreground deletion of the owner waits for this object
    record Owner(String apiVersion, String kind, String name, String uid, boolean blocks) {}

    /// It goes once nothing that blocks it is left.
    boolean awaitsDependents() {
        return deleting && finalizers.contains(FOREGROUND);
    }

    /// It goes once its dependents have been told that they have no owner any more.
    boolean orphansDependents() {
        return deleting && finalizers.contains(ORPHAN);
    }

    List<String> ownerUids() {
        return owners.stream().map(Owner::uid).toList();
    }

    boolean blocksOwners() {
        return owners.stream().anyMatch(Owner::blocks);
    }

    boolean isBlocking(String ownerUid) {
        return owners.stream().anyMatch(owner -> owner.uid().equals(ownerUid) && owner.blocks());
    }

    /// Lists and watches only the metadata of a resource.
    static Source<Observed> source(Resource resource) {
        return new Source<>(
                resource.everywhere(), "", METADATA_LIST, METADATA, Observed::read, Observed::key, Observed::revision);
    }

    private static Observed read(JsonParser parser) throws IOException {
        Observed observed = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("metadata")) {
                observed = of(parser.readValueAsTree());
            } else {
                parser.skipChildren();
            }
        }
        if (observed == null) {
            throw new IOException("an object without metadata");
        }
        return observed;
    }

    static Observed of(JsonNode metadata) {
        var finalizers = new ArrayList<String>(2);
        metadata.path("finalizers").forEach(finalizer -> finalizers.add(finalizer.asText()));
        var owners = new ArrayList<Owner>(1);
        for (JsonNode owner : metadata.path("ownerReferences")) {
            owners.add(new Owner(
                    owner.path("apiVersion").asText(),
                    owner.path("kind").asText(),
                    owner.path("name").asText(),
                    owner.path("uid").asText(),
                    owner.path("blockOwnerDeletion").asBoolean()));
        }
        return new Observed(
                new Key(
                        metadata.path("namespace").asText(),
                        metadata.path("name").asText()),
                metadata.path("uid").asText(),
                Source.revision(metadata.path("resourceVersion").asText()),
                metadata.hasNonNull("deletionTimestamp"),
                List.copyOf(finalizers),
                List.copyOf(owners));
    }
}
