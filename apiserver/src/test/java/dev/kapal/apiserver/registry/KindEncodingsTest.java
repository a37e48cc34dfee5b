package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.google.protobuf.CodedInputStream;
import dev.kapal.http.Headers;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.codec.CborFormat;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.protobuf.ProtobufEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Objects of each built-in kind, in each version, in protobuf and in CBOR: written, read, listed and watched, as a
/// whole and as their metadata alone.
@Timeout(60)
class KindEncodingsTest {
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String CBOR = "application/cbor";
    private static final String PARTIAL = ";as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    private static final String PARTIAL_LIST = ";as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    private static final String TABLE = ";as=Table;v=v1;g=meta.k8s.io";
    private static final GroupVersionKind MAP = GroupVersionKind.of("v1", "ConfigMap");
    private static final GroupVersionKind MAPS = GroupVersionKind.of("v1", "ConfigMapList");
    private static final byte[] MAGIC = "k8s\0".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper SEQUENCE = new ObjectMapper(new CBORFactory());

    /// For all kinds: to start one takes longer than what is asked of it.
    private static Api api;

    private static int number;

    @BeforeAll
    static void startServer() {
        api = Api.withDefaultNamespace();
    }

    @AfterAll
    static void stopServer() {
        api.close();
    }

    static List<KindVersion> versions() {
        return KindVersion.all();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void areTheSameInEveryEncoding(KindVersion version) throws IOException {
        number++;
        var created = version.create(api, "encoded-" + number, number);
        try {
            checkProtobuf(created);
            checkCbor(created);
        } finally {
            created.delete(api);
        }
    }

    private void checkProtobuf(KindVersion.Created created) throws IOException {
        checkAnswers(created, PROTOBUF, MediaType.PROTOBUF);
        checkWrite(created, PROTOBUF, ProtobufEncoder::encode);
        try (var watch = api.watch(created.watch(), PROTOBUF)) {
            checkEvents(created, () -> protobufEvent(watch, bytes -> decoded(bytes, MediaType.PROTOBUF)));
        }
        checkMetadata(created, PROTOBUF, KindEncodingsTest::metadataInProtobuf);
        try (var watch = api.watch(created.watch(), PROTOBUF + PARTIAL)) {
            checkMetadataEvents(created, () -> protobufEvent(watch, KindEncodingsTest::metadataInProtobuf));
        }
    }

    private void checkCbor(KindVersion.Created created) throws IOException {
        checkAnswers(created, CBOR, MediaType.CBOR);
        checkWrite(created, CBOR, object -> CborFormat.marked(CborFormat.write(object)));
        try (var watch = api.watch(created.watch(), CBOR)) {
            checkEvents(created, cborEvents(watch));
        }
        checkMetadata(created, CBOR, bytes -> decoded(bytes, MediaType.CBOR));
        try (var watch = api.watch(created.watch(), CBOR + PARTIAL)) {
            checkMetadataEvents(created, cborEvents(watch));
        }
        var table = api.get(created.list(), CBOR + TABLE).is(200);
        assertThat(decoded(table.body(), MediaType.CBOR).path("columnDefinitions"))
                .isEqualTo(api.get(created.list(), "application/json" + TABLE)
                        .json()
                        .path("columnDefinitions"));
    }

    /// One object and a list of it, as their metadata alone.
    private static void checkMetadata(KindVersion.Created created, String accept, Function<byte[], JsonNode> decoder) {
        var object = api.get(created.path()).is(200).json();
        var one =
                decoder.apply(api.get(created.path(), accept + PARTIAL).is(200).body());
        assertThat(one).isEqualTo(partial(object));
        var list = decoder.apply(
                api.get(created.list(), accept + PARTIAL_LIST).is(200).body());
        assertThat(list.path("kind").asText()).isEqualTo("PartialObjectMetadataList");
        assertThat(list.path("apiVersion").asText()).isEqualTo("meta.k8s.io/v1");
        assertThat(list.path("items")).hasSize(1);
        assertThat(list.at("/items/0/metadata")).isEqualTo(object.path("metadata"));
        assertThat(list.at("/metadata/resourceVersion").asText()).isNotEmpty();
    }

    private static void checkMetadataEvents(KindVersion.Created created, Supplier<Event> next) {
        var added = next.get();
        assertThat(added.type).isEqualTo("ADDED");
        assertThat(added.object).isEqualTo(partial(api.get(created.path()).json()));
        var bookmark = next.get();
        assertThat(bookmark.type).isEqualTo("BOOKMARK");
        assertThat(bookmark.object.path("kind").asText()).isEqualTo("PartialObjectMetadata");
    }

    private static ObjectNode partial(JsonNode object) {
        var partial = Documents.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    /// Metadata alone has the form of a config map without data, whatever it is called.
    private static JsonNode metadataInProtobuf(byte[] body) {
        try {
            var envelope = CodedInputStream.newInstance(body, MAGIC.length, body.length - MAGIC.length);
            assertThat(envelope.readTag()).isEqualTo(1 << 3 | 2);
            var type = envelope.readBytes().newCodedInput();
            assertThat(type.readTag()).isEqualTo(1 << 3 | 2);
            var apiVersion = type.readString();
            assertThat(type.readTag()).isEqualTo(2 << 3 | 2);
            var kind = type.readString();
            assertThat(envelope.readTag()).isEqualTo(2 << 3 | 2);
            var asMap = ProtobufEncoder.envelope(kind.endsWith("List") ? MAPS : MAP, envelope.readByteArray());
            return ((ObjectNode) decoded(asMap, MediaType.PROTOBUF))
                    .put("kind", kind)
                    .put("apiVersion", apiVersion);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Supplier<Event> cborEvents(Api.Watching watch) throws IOException {
        var events = SEQUENCE.readerFor(JsonNode.class).<JsonNode>readValues(watch.body());
        return () -> {
            var event = events.next();
            return new Event(event.path("type").asText(), event.path("object"));
        };
    }

    private void checkAnswers(KindVersion.Created created, String accept, MediaType type) {
        var one = api.get(created.path(), accept).is(200);
        assertThat(one.headers().first("Content-Type")).contains(accept);
        assertThat(decoded(one.body(), type))
                .isEqualTo(api.get(created.path()).is(200).json());
        var list = api.get(created.list(), accept).is(200);
        var wanted = api.get(created.list()).is(200).json();
        if (type == MediaType.PROTOBUF) {
            wanted.path("items").forEach(item -> ((ObjectNode) item).remove(List.of("kind", "apiVersion")));
        }
        assertThat(decoded(list.body(), type)).isEqualTo(wanted);
    }

    /// An update does what it does in JSON.
    private void checkWrite(KindVersion.Created created, String type, Function<ObjectNode, byte[]> encoder) {
        var target = created.path() + "?dryRun=All";
        var object = api.get(created.path()).is(200).json();
        var written = api.call("PUT", target, Headers.of("Content-Type", type), encoder.apply(object));
        assertThat(written.is(200).json())
                .isEqualTo(api.put(target, object).is(200).json());
    }

    private record Event(String type, JsonNode object) {}

    private void checkEvents(KindVersion.Created created, Supplier<Event> next) {
        var added = next.get();
        assertThat(added.type).isEqualTo("ADDED");
        assertThat(added.object).isEqualTo(api.get(created.path()).json());
        var bookmark = next.get();
        assertThat(bookmark.type).isEqualTo("BOOKMARK");
        assertThat(bookmark.object.path("kind").asText())
                .isEqualTo(created.version().definition().kind());
        assertThat(bookmark.object
                        .at("/metadata/annotations")
                        .path("k8s.io/initial-events-end")
                        .asText())
                .isEqualTo("true");
        created.touch(api);
        var modified = next.get();
        assertThat(modified.type).isEqualTo("MODIFIED");
        assertThat(modified.object).isEqualTo(api.get(created.path()).json());
    }

    /// Field 1 is the type, field 2 an object whose field 1 is the document.
    private static Event protobufEvent(Api.Watching watch, Function<byte[], JsonNode> decoder) {
        int length = ByteBuffer.wrap(watch.rawBytes(Integer.BYTES)).getInt();
        byte[] event = watch.rawBytes(length);
        var type = new String(event, 2, event[1], StandardCharsets.US_ASCII);
        return new Event(type, decoder.apply(Arrays.copyOfRange(event, start(event), length)));
    }

    private static int start(byte[] event) {
        for (int i = 0; ; i++) {
            if (Arrays.equals(event, i, i + MAGIC.length, MAGIC, 0, MAGIC.length)) {
                return i;
            }
        }
    }

    private static JsonNode decoded(byte[] body, MediaType type) {
        return new DocumentDecoder().decode(body, type).document();
    }
}
