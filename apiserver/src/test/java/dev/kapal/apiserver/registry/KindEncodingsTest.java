package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.kapal.http.Headers;
import dev.kapal.model.codec.CborFormat;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.protobuf.ProtobufEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Objects of each built-in kind, in each version, in protobuf and in CBOR: written, read, listed and watched.
@Timeout(60)
class KindEncodingsTest {
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String CBOR = "application/cbor";
    private static final byte[] MAGIC = "k8s\0".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper SEQUENCE = new ObjectMapper(new CBORFactory());

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void stopServer() {
        api.close();
    }

    static List<KindVersion> versions() {
        return KindVersion.all();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void areProtobuf(KindVersion version) {
        var created = version.create(api);
        checkAnswers(created, PROTOBUF, MediaType.PROTOBUF);
        checkWrite(created, PROTOBUF, ProtobufEncoder::encode);
        try (var watch = api.watch(created.watch(), PROTOBUF)) {
            checkEvents(created, () -> protobufEvent(watch));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void areCbor(KindVersion version) throws IOException {
        var created = version.create(api);
        checkAnswers(created, CBOR, MediaType.CBOR);
        checkWrite(created, CBOR, object -> CborFormat.marked(CborFormat.write(object)));
        try (var watch = api.watch(created.watch(), CBOR)) {
            var events = SEQUENCE.readerFor(JsonNode.class).<JsonNode>readValues(watch.body());
            checkEvents(created, () -> {
                var event = events.next();
                return new Event(event.path("type").asText(), event.path("object"));
            });
        }
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
    private static Event protobufEvent(Api.Watching watch) {
        int length = ByteBuffer.wrap(watch.rawBytes(Integer.BYTES)).getInt();
        byte[] event = watch.rawBytes(length);
        var type = new String(event, 2, event[1], StandardCharsets.US_ASCII);
        return new Event(type, decoded(Arrays.copyOfRange(event, start(event), length), MediaType.PROTOBUF));
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
