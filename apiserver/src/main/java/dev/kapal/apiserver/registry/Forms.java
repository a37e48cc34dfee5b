package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.cache.Rendering;
import dev.kapal.model.DocumentForm;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.CborFormat;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.defaults.Defaults;
import dev.kapal.model.protobuf.ProtobufEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// The forms of an object between one client and the store: the served version, which the client sends and sees; the
/// one
/// that admission and the kind's rules look at; the stored one. For most resources all three are the same, and nothing
/// here costs anything. What lies in the store may also be in a version that an earlier server stored. Any thread.
final class Forms implements Rendering {
    private final ResourceDefinition served;
    private final ResourceDefinition ruled;
    private final ResourceDefinition stored;
    private final Rendering protobuf =
            new Encoded(document -> ProtobufEncoder.message(served().groupVersionKind(), document));
    private final Rendering cbor = new Encoded(CborFormat::write);
    private final byte[] servedHead;
    private final byte[] ruledHead;
    private final byte[] storedHead;
    /// Whether reading has to look at each object, whatever its version.
    private final boolean completes;

    Forms(ResourceDefinition served) {
        this.served = served;
        this.stored = served.storage();
        this.ruled = served.conversion().rulesSeeStoredForm() ? stored : served;
        this.servedHead = head(served);
        this.ruledHead = head(ruled);
        this.storedHead = head(stored);
        this.completes =
                served.schema().form().map(DocumentForm::completesStored).orElse(false);
    }

    ResourceDefinition served() {
        return served;
    }

    /// Whether the served kind has a form in protobuf; that of a custom resource has none.
    boolean hasProtobuf() {
        return ProtobufEncoder.knows(served.groupVersionKind());
    }

    /// The served version as messages without an envelope, or as CBOR without its mark: kept once made, as other
    /// versions are.
    Rendering encoded(MediaType type) {
        return type == MediaType.CBOR ? cbor : protobuf;
    }

    private final class Encoded implements Rendering {
        private final Function<ObjectNode, byte[]> encoder;

        Encoded(Function<ObjectNode, byte[]> encoder) {
            this.encoder = encoder;
        }

        @Override
        public boolean fits(byte[] json) {
            return false;
        }

        @Override
        public List<byte[]> render(List<byte[]> documents) {
            var inVersion = documents.stream().allMatch(Forms.this::fits) ? documents : Forms.this.render(documents);
            return inVersion.stream().map(Documents::read).map(encoder).toList();
        }
    }

    /// The version that rules are written for.
    ResourceDefinition ruled() {
        return ruled;
    }

    ResourceDefinition stored() {
        return stored;
    }

    /// What a client sent, as the rules want to see it. Uses up `incoming`.
    ObjectNode toRuled(ObjectNode incoming) {
        return served == ruled ? incoming : completed(incoming, ruled);
    }

    /// As the client sees it. Uses up `document`.
    ObjectNode toServed(ObjectNode document) {
        return converted(document, served);
    }

    /// As the store gets it. Uses up `document`.
    ObjectNode toStored(ObjectNode document) {
        return ruled == stored ? document : converted(document, stored);
    }

    /// A fresh tree for the rules, the caller's own.
    ObjectNode read(CachedObject object) {
        return read(object.json());
    }

    /// As [#read(CachedObject)], of any bytes that this pipeline wrote.
    ObjectNode read(byte[] json) {
        var document = Documents.read(json);
        return begins(json, ruledHead) ? current(document, ruled) : completed(document, ruled);
    }

    /// What was stored under an earlier schema, as the present one has it.
    private static ObjectNode current(ObjectNode document, ResourceDefinition version) {
        version.schema().form().filter(DocumentForm::completesStored).ifPresent(form -> {
            form.prune(document);
            form.defaults(document);
        });
        return document;
    }

    /// `document`, which lay in the store, in the version that is stored now.
    ObjectNode inStored(ObjectNode document) {
        return converted(document, stored);
    }

    /// What the client gets of any bytes that this pipeline wrote.
    byte[] servedBytes(byte[] json) {
        return fits(json) ? json : render(List.of(json)).getFirst();
    }

    /// Whether the store should hold these bytes in another version.
    boolean isOutdated(byte[] json) {
        return !begins(json, storedHead);
    }

    /// Whether the bytes of an object differ from what `stored`, which was made of them, says.
    boolean isIncomplete(byte[] json, ObjectNode read) {
        return completes && !Documents.read(json).equals(read);
    }

    @Override
    public boolean fits(byte[] json) {
        return !completes && begins(json, servedHead);
    }

    @Override
    public List<byte[]> render(List<byte[]> documents) {
        var trees = documents.stream().map(Documents::read).toList();
        if (completes) {
            return completed(documents, trees);
        }
        if (trees.stream().allMatch(tree -> isIn(tree, served))) {
            return documents; // only the order of the fields is unusual
        }
        return served.conversion().convert(trees, served.groupVersion()).stream()
                .map(Documents::json)
                .toList();
    }

    /// As [#render(List)] for a schema that may say more than what was stored. Bytes that say it all stay as they are.
    private List<byte[]> completed(List<byte[]> documents, List<ObjectNode> trees) {
        var converted = served.conversion().convert(copies(trees), served.groupVersion());
        var rendered = new ArrayList<byte[]>(documents.size());
        for (int i = 0; i < documents.size(); i++) {
            var document = current(converted.get(i), served);
            rendered.add(document.equals(trees.get(i)) ? documents.get(i) : Documents.json(document));
        }
        return rendered;
    }

    private static List<ObjectNode> copies(List<ObjectNode> trees) {
        return trees.stream().map(ObjectNode::deepCopy).toList();
    }

    /// What comes from another version has not seen the defaults of this one.
    private ObjectNode completed(ObjectNode document, ResourceDefinition to) {
        if (isIn(document, to)) {
            return document;
        }
        var result = converted(document, to);
        to.schema().form().ifPresent(form -> form.prune(result));
        Defaults.apply(to.schema(), result);
        return result;
    }

    private ObjectNode converted(ObjectNode document, ResourceDefinition to) {
        return isIn(document, to)
                ? document
                : served.conversion()
                        .convert(List.of(document), to.groupVersion())
                        .getFirst();
    }

    private static boolean isIn(ObjectNode document, ResourceDefinition version) {
        return document.path("apiVersion")
                .asText()
                .equals(version.groupVersion().apiVersion());
    }

    private static byte[] head(ResourceDefinition version) {
        return ("{\"kind\":\"" + version.kind() + "\",\"apiVersion\":\""
                        + version.groupVersion().apiVersion() + "\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static boolean begins(byte[] json, byte[] head) {
        return json.length >= head.length && Arrays.equals(json, 0, head.length, head, 0, head.length);
    }
}
