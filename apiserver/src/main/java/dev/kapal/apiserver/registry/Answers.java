package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.table.IncludeObject;
import dev.kapal.apiserver.table.PartialObjects;
import dev.kapal.apiserver.table.Tables;
import dev.kapal.base.time.Time;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import dev.kapal.model.GroupResource;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.CborFormat;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.protobuf.ProtobufEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes answers in the form that the client asked for. Full JSON goes out as the bytes that the cache holds. Any
/// thread.
final class Answers {
    private final Forms forms;
    private final ResourceDefinition definition;
    private final Tables tables;
    private final Time time;

    Answers(Forms forms, Tables tables, Time time) {
        this.forms = forms;
        this.definition = forms.served();
        this.tables = tables;
        this.time = time;
    }

    private Negotiation negotiate(Call call) {
        return Negotiation.of(call.request(), forms.hasProtobuf());
    }

    /// One object of this resource, as it is held.
    void object(Call call, int status, CachedObject object, Warnings warnings) throws IOException {
        var form = negotiate(call);
        if (form.isFullJson()) {
            send(call, status, form, List.of(object.json(forms)), warnings);
        } else if (form.isFullBinary()) {
            send(call, status, form, List.of(whole(form, object.json(forms.encoded(form.encoding())))), warnings);
        } else {
            object(call, status, object.json(), warnings);
        }
    }

    /// One object of this resource, as a write left it.
    void object(Call call, int status, byte[] json, Warnings warnings) throws IOException {
        var form = negotiate(call);
        if (form.isFullJson()) {
            send(call, status, form, List.of(forms.servedBytes(json)), warnings);
            return;
        }
        var answer = switch (form.shape()) {
            case FULL -> Documents.read(forms.servedBytes(json));
            case TABLE -> {
                var document = forms.read(json);
                yield table(form, call, List.of(document), document.path("metadata"));
            }
            case PARTIAL -> PartialObjects.of(Documents.read(forms.servedBytes(json)), form.apiVersion());
        };
        document(call, status, form, answer, warnings);
    }

    /// The size of an object of this resource.
    void scale(Call call, ObjectNode scale, Warnings warnings) throws IOException {
        var kind = GroupVersionKind.of(
                scale.path("apiVersion").asText(), scale.path("kind").asText());
        var form = Negotiation.of(call.request(), ProtobufEncoder.knows(kind));
        var answer = switch (form.shape()) {
            case FULL -> scale;
            case TABLE ->
                tables.scale(scale, listMeta(scale.path("metadata")), form.version(), include(call), time.instant());
            case PARTIAL -> PartialObjects.of(scale, form.apiVersion());
        };
        document(call, 200, form, answer, warnings);
    }

    /// A document that is not of this resource; clients that want tables get a `Status` as it is.
    static void document(Call call, int status, ObjectNode document, Warnings warnings) throws IOException {
        var kind = GroupVersionKind.of(
                document.path("apiVersion").asText(), document.path("kind").asText());
        var accepted = Negotiation.of(call.request(), ProtobufEncoder.knows(kind));
        if (accepted.shape() == Negotiation.Shape.TABLE && !kind.kind().equals("Status")) {
            throw ApiException.noTable(
                    new GroupResource(call.info().group(), call.info().resource()));
        }
        document(
                call,
                status,
                new Negotiation(Negotiation.Shape.FULL, "", accepted.encoding(), accepted.pretty()),
                document,
                warnings);
    }

    /// What is kept of one object, as an answer of its own.
    private byte[] whole(Negotiation form, byte[] encoded) {
        return form.encoding() == MediaType.CBOR
                ? CborFormat.marked(encoded)
                : ProtobufEncoder.envelope(definition.groupVersionKind(), encoded);
    }

    void list(Call call, Lister.Result result, Warnings warnings) throws IOException {
        var form = negotiate(call);
        var metadata = listMetadata(result);
        if (form.isFullJson()) {
            send(call, 200, form, listBytes(result, metadata), warnings);
            return;
        }
        if (form.isFullBinary()) {
            send(call, 200, form, binaryList(form, result, metadata), warnings);
            return;
        }
        var items = result.items();
        var answer = switch (form.shape()) {
            case FULL -> fullList(served(items), metadata);
            case TABLE -> table(form, call, items.stream().map(forms::read).toList(), metadata);
            case PARTIAL -> PartialObjects.list(served(items), form.apiVersion(), metadata);
        };
        document(call, 200, form, answer, warnings);
    }

    private List<ObjectNode> served(List<CachedObject> items) {
        return CachedObject.json(items, forms).stream().map(Documents::read).toList();
    }

    private List<byte[]> binaryList(Negotiation form, Lister.Result result, ObjectNode metadata) {
        var items = CachedObject.json(result.items(), forms.encoded(form.encoding()));
        var version = definition.groupVersion();
        var pieces = new Pieces();
        (form.encoding() == MediaType.CBOR
                        ? CborFormat.list(definition.listKind(), version.apiVersion(), metadata, items)
                        : ProtobufEncoder.list(version.kind(definition.listKind()), metadata, items))
                .forEach(pieces::add);
        return pieces.all();
    }

    private ObjectNode table(Negotiation form, Call call, List<ObjectNode> documents, JsonNode metadata) {
        return tables.table(
                forms.ruled(),
                documents,
                forms::toServed,
                listMeta(metadata),
                form.version(),
                include(call),
                time.instant());
    }

    private static IncludeObject include(Call call) {
        return IncludeObject.of(call.query().first("includeObject"));
    }

    /// What of an object's metadata a list has too.
    private static ObjectNode listMeta(JsonNode metadata) {
        var result = Documents.object();
        for (var field : List.of("resourceVersion", "continue", "remainingItemCount")) {
            if (metadata.has(field)) {
                result.set(field, metadata.get(field));
            }
        }
        return result;
    }

    private static ObjectNode listMetadata(Lister.Result result) {
        var metadata = Documents.object().put("resourceVersion", Long.toString(result.revision()));
        if (!result.next().isEmpty()) {
            metadata.put("continue", result.next());
        }
        result.remaining().ifPresent(n -> metadata.put("remainingItemCount", n));
        return metadata;
    }

    private ObjectNode fullList(List<ObjectNode> documents, ObjectNode metadata) {
        var list = Documents.object()
                .put("kind", definition.listKind())
                .put("apiVersion", definition.groupVersion().apiVersion());
        list.set("metadata", metadata);
        list.putArray("items").addAll(documents);
        return list;
    }

    /// The head, the objects' own bytes, and commas: joined in pieces that the network takes well.
    private List<byte[]> listBytes(Lister.Result result, ObjectNode metadata) {
        var pieces = new Pieces();
        pieces.add(ascii("{\"kind\":\"" + definition.listKind() + "\",\"apiVersion\":\""
                + definition.groupVersion().apiVersion() + "\",\"metadata\":"));
        pieces.add(Documents.json(metadata));
        pieces.add(ascii(",\"items\":["));
        boolean first = true;
        for (var item : CachedObject.json(result.items(), forms)) {
            if (!first) {
                pieces.add((byte) ',');
            }
            first = false;
            pieces.add(item);
        }
        pieces.add(ascii("]}\n"));
        return pieces.all();
    }

    private static void document(Call call, int status, Negotiation form, ObjectNode document, Warnings warnings)
            throws IOException {
        send(call, status, form, List.of(form.encode(document)), warnings);
    }

    private static void send(Call call, int status, Negotiation form, List<byte[]> body, Warnings warnings)
            throws IOException {
        var headers =
                warnings.writeTo(Headers.of("Content-Type", form.contentType(), "Cache-Control", "no-cache, private"));
        call.exchange().respond(new Response(status, headers, body));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Copies small arrays into large ones.
    private static final class Pieces {
        private static final int SIZE = 256 * 1024;

        private final List<byte[]> done = new ArrayList<>();
        private byte[] open = new byte[4096];
        private int used;

        void add(byte one) {
            room(1);
            open[used++] = one;
        }

        void add(byte[] bytes) {
            room(bytes.length);
            System.arraycopy(bytes, 0, open, used, bytes.length);
            used += bytes.length;
        }

        private void room(int wanted) {
            if (used + wanted <= open.length) {
                return;
            }
            if (used >= SIZE) {
                close();
            }
            int size = Math.max(used + wanted, Math.min(SIZE + 4096, open.length * 2));
            open = Arrays.copyOf(open, size);
        }

        private void close() {
            done.add(used == open.length ? open : Arrays.copyOf(open, used));
            open = new byte[SIZE];
            used = 0;
        }

        List<byte[]> all() {
            close();
            return done;
        }
    }
}
