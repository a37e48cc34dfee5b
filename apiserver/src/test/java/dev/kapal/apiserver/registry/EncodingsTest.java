package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.http.Headers;
import dev.kapal.model.codec.CborFormat;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.protobuf.ProtobufEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The same objects in JSON, protobuf and CBOR.
class EncodingsTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String CBOR = "application/cbor";

    private Api api;

    @BeforeEach
    void start() {
        api = Api.withDefaultNamespace();
        api.post(MAPS, "{metadata: {name: a}, data: {k: v}}").is(201);
        api.post(MAPS, "{metadata: {name: b}}").is(201);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static ObjectNode decoded(byte[] body, MediaType type) {
        return new DocumentDecoder().decode(body, type).document();
    }

    @Test
    void answersObjectsInProtobuf() {
        var answer = api.get(MAPS + "/a", PROTOBUF).is(200);
        assertThat(answer.headers().first("Content-Type")).contains(PROTOBUF);
        var json = api.get(MAPS + "/a").json();
        assertThat(decoded(answer.body(), MediaType.PROTOBUF)).isEqualTo(json);
        assertThat(decoded(api.get(MAPS + "/a", PROTOBUF).body(), MediaType.PROTOBUF))
                .isEqualTo(json);
    }

    @Test
    void answersListsInProtobuf() {
        var list = decoded(api.get(MAPS, PROTOBUF).is(200).body(), MediaType.PROTOBUF);
        assertThat(list.path("kind").asText()).isEqualTo("ConfigMapList");
        assertThat(list.path("metadata").path("resourceVersion").asText()).isNotEmpty();
        assertThat(list.path("items")).hasSize(2);
        assertThat(list.path("items").get(0).path("data").path("k").asText()).isEqualTo("v");
    }

    @Test
    void answersObjectsAndListsInCbor() {
        var answer = api.get(MAPS + "/a", CBOR).is(200);
        assertThat(answer.headers().first("Content-Type")).contains(CBOR);
        assertThat(answer.body()).startsWith(0xd9, 0xd9, 0xf7);
        assertThat(decoded(answer.body(), MediaType.CBOR))
                .isEqualTo(api.get(MAPS + "/a").json());
        assertThat(decoded(api.get(MAPS, CBOR).body(), MediaType.CBOR))
                .isEqualTo(api.get(MAPS).json());
    }

    @Test
    void answersInTheFormOfTheRequestWhateverIsWritten() {
        var body = Documents.object().put("kind", "ConfigMap").put("apiVersion", "v1");
        body.putObject("metadata").put("name", "c");
        var created = api.call(
                        "POST",
                        MAPS,
                        Headers.of("Content-Type", CBOR, "Accept", PROTOBUF),
                        CborFormat.marked(CborFormat.write(body)))
                .is(201);
        assertThat(decoded(created.body(), MediaType.PROTOBUF)
                        .path("metadata")
                        .path("uid")
                        .asText())
                .isNotEmpty();
        var changed = api.call(
                        "PUT",
                        MAPS + "/c",
                        Headers.of("Content-Type", PROTOBUF, "Accept", CBOR),
                        ProtobufEncoder.encode(decoded(created.body(), MediaType.PROTOBUF)))
                .is(200);
        assertThat(decoded(changed.body(), MediaType.CBOR)
                        .path("metadata")
                        .path("name")
                        .asText())
                .isEqualTo("c");
    }

    @Test
    void appliesCbor() {
        var config = Documents.object().put("kind", "ConfigMap").put("apiVersion", "v1");
        config.putObject("metadata").put("name", "a");
        config.putObject("data").put("l", "w");
        var applied = api.call(
                        "PATCH",
                        MAPS + "/a?fieldManager=me",
                        Headers.of("Content-Type", "application/apply-patch+cbor"),
                        CborFormat.write(config))
                .is(200);
        assertThat(applied.at("data")).isEqualTo("{\"k\":\"v\",\"l\":\"w\"}");
    }

    @Test
    void watchesInProtobuf() {
        try (var watch = api.watch(MAPS + "?watch=true&resourceVersion=0&fieldSelector=metadata.name%3Da", PROTOBUF)) {
            int length = ByteBuffer.wrap(watch.rawBytes(4)).getInt();
            byte[] event = watch.rawBytes(length);
            // field 1: the type; field 2: an object whose field 1 is the document
            assertThat(new String(event, 2, 5, StandardCharsets.UTF_8)).isEqualTo("ADDED");
            int at = indexOf(event, "k8s\0".getBytes(StandardCharsets.US_ASCII));
            var object = decoded(Arrays.copyOfRange(event, at, event.length), MediaType.PROTOBUF);
            assertThat(object).isEqualTo(api.get(MAPS + "/a").json());
        }
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; ; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
    }

    @Test
    void answersMetadataAloneInProtobufForEveryKind() {
        var accept = PROTOBUF + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
        var answer = api.get(MAPS, accept).is(200);
        assertThat(answer.headers().first("Content-Type")).contains(PROTOBUF);
        assertThat(answer.body()).startsWith('k', '8', 's', 0);
        assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1)).contains("PartialObjectMetadataList");
    }

    @Test
    void answersNoTableInProtobuf() {
        api.get(MAPS, PROTOBUF + ";as=Table;g=meta.k8s.io;v=v1").is(406);
    }

    @Test
    void writesForPeople() {
        var pretty = new String(api.get(MAPS + "/b?pretty=true").body(), StandardCharsets.UTF_8);
        assertThat(pretty).startsWith("{\n  \"kind\": \"ConfigMap\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {\n");
        var curl = api.call("GET", MAPS + "/b", Headers.of("User-Agent", "curl/8.5.0"), new byte[0]);
        assertThat(new String(curl.body(), StandardCharsets.UTF_8)).isEqualTo(pretty);
        var plain = api.call("GET", MAPS + "/b?pretty=false", Headers.of("User-Agent", "curl/8.5.0"), new byte[0]);
        assertThat(plain.body()).isEqualTo(api.get(MAPS + "/b").body());
    }
}
