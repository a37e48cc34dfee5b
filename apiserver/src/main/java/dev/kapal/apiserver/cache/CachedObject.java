package dev.kapal.apiserver.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One object as of one revision: the very bytes that clients get. Immutable; labels and selectable fields are read
/// on
/// first need. Any thread.
public final class CachedObject {
    private final String key;
    private final long revision;
    private final byte[] json;
    private final FieldReader reader;
    /// Written more than once at worst, always the same.
    private volatile Index index;
    /// The document in other versions, made when somebody asked for it; null at first and for most objects.
    private volatile Rendition renditions;

    private record Rendition(Rendering rendering, byte[] json, Rendition older) {}

    private record Index(Map<String, String> labels, Map<String, String> fields, FieldReader reader) {}

    CachedObject(String key, long revision, byte[] json, FieldReader reader) {
        this.key = key;
        this.revision = revision;
        this.json = json;
        this.reader = reader;
    }

    static CachedObject ofStored(String key, long revision, byte[] stored, FieldReader reader) {
        return new CachedObject(key, revision, StoredForm.withVersion(stored, revision), reader);
    }

    /// `namespace/name`, with `_` for what has no namespace.
    public String key() {
        return key;
    }

    /// Empty for cluster-scoped objects.
    public String namespace() {
        var namespace = key.substring(0, key.indexOf('/'));
        return namespace.equals("_") ? "" : namespace;
    }

    public String name() {
        return key.substring(key.indexOf('/') + 1);
    }

    /// Whether the object is in `namespace`; everything is in the empty one.
    public boolean isIn(String namespace) {
        return namespace.isEmpty()
                || key.length() > namespace.length()
                        && key.charAt(namespace.length()) == '/'
                        && key.startsWith(namespace);
    }

    public long revision() {
        return revision;
    }

    /// The document with its resourceVersion as it is stored. Never to be changed.
    public byte[] json() {
        return json;
    }

    /// The document in another version, converted once and kept.
    public byte[] json(Rendering rendering) {
        if (rendering.fits(json)) {
            return json;
        }
        var known = rendition(rendering);
        return known != null
                ? known
                : keep(rendering, rendering.render(List.of(json)).getFirst());
    }

    /// [#json(Rendering)] of many objects: what is not known yet is converted in one go.
    public static List<byte[]> json(List<CachedObject> objects, Rendering rendering) {
        var missing = objects.stream()
                .filter(object -> !rendering.fits(object.json) && object.rendition(rendering) == null)
                .toList();
        if (!missing.isEmpty()) {
            var rendered =
                    rendering.render(missing.stream().map(CachedObject::json).toList());
            for (int i = 0; i < rendered.size(); i++) {
                missing.get(i).keep(rendering, rendered.get(i));
            }
        }
        return objects.stream().map(object -> object.json(rendering)).toList();
    }

    private byte[] rendition(Rendering rendering) {
        for (var rendition = renditions; rendition != null; rendition = rendition.older) {
            if (rendition.rendering == rendering) {
                return rendition.json;
            }
        }
        return null;
    }

    /// Two threads may keep the same twice or lose one of two: it is made again then. The list is as long as there are
    /// versions; renderings of a definition that was replaced fall out with the object's next change.
    private byte[] keep(Rendering rendering, byte[] rendered) {
        renditions = new Rendition(rendering, rendered, renditions);
        return rendered;
    }

    /// A fresh tree, the caller's own.
    public ObjectNode document() {
        return Documents.read(json);
    }

    public Map<String, String> labels() {
        return index().labels;
    }

    /// The value of a selectable field, empty when the object has none.
    public String field(String field) {
        return switch (field) {
            case "metadata.name" -> name();
            case "metadata.namespace" -> namespace();
            default -> index().fields.getOrDefault(field, "");
        };
    }

    /// The same content at another revision: how a deleted object is shown.
    CachedObject at(long otherRevision) {
        var stored = StoredForm.withoutVersion(json);
        return new CachedObject(key, otherRevision, StoredForm.withVersion(stored, otherRevision), reader);
    }

    private Index index() {
        var known = index;
        var current = reader.current();
        if (known == null || known.reader != current) {
            var document = document();
            var labels = new HashMap<String, String>();
            document.path("metadata")
                    .path("labels")
                    .properties()
                    .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
            known = new Index(Map.copyOf(labels), Map.copyOf(current.fields(document)), current);
            index = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return key + "@" + revision;
    }
}
