package dev.kapal.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.codec.Documents;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Bodies and headers that make no sense, over the wire: each has upstream's status, and the server goes on.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";
    private static final String UNRECOGNIZED = "the object provided is unrecognized (must be of type ConfigMap): ";
    private static final String NOT_JSON = UNRECOGNIZED + "couldn't get version/kind; json parse error: ";

    private TestServer cluster;
    private HttpClient client;

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start();
        client = cluster.client(Optional.of(cluster.pki().admin()));
        cluster.create("/api/v1/namespaces/default/serviceaccounts", "{metadata: {name: default}}");
        cluster.create(MAPS, "{metadata: {name: there}}");
    }

    @AfterAll
    void everythingIsStillThere() throws Exception {
        assertThat(cluster.get(client, MAPS + "/there").statusCode()).isEqualTo(200);
        client.close();
        cluster.close();
    }

    private static String laughs() {
        var bomb = new StringBuilder("{metadata: {name: lol}, a0: &a0 [x,x,x,x,x,x,x,x,x]");
        for (int i = 1; i < 12; i++) {
            bomb.append(", a%d: &a%d [%s]".formatted(i, i, ("*a" + (i - 1) + " , ").repeat(9)));
        }
        return bomb.append('}').toString();
    }

    private static String pod(String cpu) {
        return "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"resources\":"
                + "{\"requests\":{\"cpu\":\"" + cpu + "\"}}}]}}";
    }

    private static String map(String data) {
        return "{\"metadata\":{\"name\":\"m\"},\"data\":" + data + "}";
    }

    /// One request and what is said to it.
    private enum Case {
        NOTHING("POST", MAPS, JSON, "", 400, UNRECOGNIZED),
        NO_JSON(
                "POST",
                MAPS,
                JSON,
                "nonsense",
                400,
                NOT_JSON + "invalid character 'o' in literal null (expecting 'u')"),
        CUT_SHORT("POST", MAPS, JSON, "{\"metadata\":{", 400, NOT_JSON + "unexpected end of JSON input"),
        AFTER_THE_END("POST", MAPS, JSON, "{} {}", 400, NOT_JSON + "invalid character '{' after top-level value"),
        A_LIST("POST", MAPS, JSON, "[]", 400, UNRECOGNIZED),
        DEEP("POST", MAPS, JSON, "{\"a\":" + "[".repeat(100_000), 400, NOT_JSON + "exceeded max depth"),
        DEEP_YAML("POST", MAPS, YAML, "a: " + "[".repeat(100_000), 400, UNRECOGNIZED),
        LAUGHS("POST", MAPS, YAML, laughs(), 400, UNRECOGNIZED),
        LAUGHS_APPLIED("PATCH", MAPS + "/lol?fieldManager=m", "application/apply-patch+yaml", laughs(), 400, ""),
        ITSELF("POST", MAPS, YAML, "&a {metadata: *a}", 400, UNRECOGNIZED),
        ANOTHER_KIND(
                "POST", MAPS, JSON, "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}", 400, "Pod in version \"v1\" cannot be"),
        A_WRONG_TYPE(
                "POST", MAPS, JSON, map("[]"), 400, "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: "),
        A_NUMBER_TOO_LARGE("POST", MAPS, JSON, map("{\"a\":1e999}"), 400, NOT_JSON),
        TWICE(
                "POST",
                MAPS + "?fieldValidation=Strict",
                JSON,
                map("{\"a\":\"1\",\"a\":\"2\"}"),
                400,
                "ConfigMap in version"),
        UNKNOWN("POST", MAPS + "?fieldValidation=Strict", JSON, map("{},\"b\":1"), 400, "ConfigMap in version"),
        VALIDATION("POST", MAPS + "?fieldValidation=Harsh", JSON, map("{}"), 422, "CreateOptions.meta.k8s.io"),
        DRY_RUN("POST", MAPS + "?dryRun=Some", JSON, map("{}"), 422, "CreateOptions.meta.k8s.io"),
        A_QUANTITY(
                "POST",
                PODS,
                JSON,
                pod("1x"),
                400,
                "Pod in version \"v1\" cannot be handled as a Pod: quantities must"),
        A_LONG_NAME(
                "POST",
                MAPS,
                JSON,
                "{\"metadata\":{\"name\":\"a" + ".a".repeat(100_000) + "\"}}",
                422,
                "ConfigMap \"a.a"),
        A_LONG_LABEL(
                "POST",
                MAPS,
                JSON,
                "{\"metadata\":{\"name\":\"m\",\"labels\":{\"a" + ".a".repeat(100_000) + "/b\":\"c\"}}}",
                422,
                "ConfigMap \"m\" is invalid: metadata.labels: Invalid value: "),
        TOO_LARGE(
                "POST",
                MAPS,
                JSON,
                map("{\"a\":\"" + "a".repeat(3 << 20) + "\"}"),
                413,
                "Request entity too large: limit is"),
        TEXT(
                "POST",
                MAPS,
                "text/plain",
                "{}",
                415,
                "the body of the request was in an unknown format - accepted media"),
        PLAIN_PATCH(
                "PATCH",
                MAPS + "/there",
                JSON,
                "{}",
                415,
                "the body of the request was in an unknown format - accepted"),
        PATCH_OF_NO_LIST(
                "PATCH",
                MAPS + "/there",
                "application/json-patch+json",
                "{}",
                400,
                "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"),
        PATCH_OF_NO_LIST_UNCHECKED(
                "PATCH",
                MAPS + "/there?fieldValidation=Ignore",
                "application/json-patch+json",
                "{}",
                400,
                "json: cannot unmarshal object into Go value of type jsonpatch.Patch"),
        PATCH_OF_NOTHING_UNCHECKED(
                "PATCH",
                MAPS + "/there?fieldValidation=Ignore",
                "application/merge-patch+json",
                "",
                400,
                "Invalid JSON Patch"),
        PATCH_OF_UNKNOWN_FIELDS(
                "PATCH",
                MAPS + "/there?fieldValidation=Strict",
                "application/json-patch+json",
                "[{\"op\":\"test\",\"path\":\"/kind\",\"value\":\"ConfigMap\",\"foo\":\"bar\"}]",
                422,
                " \"\" is invalid: patch: Invalid value: "),
        PATCH_OF_NOTHING("PATCH", MAPS + "/there", "application/merge-patch+json", "", 400, "error decoding patch: "),
        PATCH_WITHOUT_END(
                "PATCH",
                MAPS + "/there",
                "application/json-patch+json",
                "[" + "{\"op\":\"test\",\"path\":\"/kind\",\"value\":\"ConfigMap\"},".repeat(10_000)
                        + "{\"op\":\"remove\",\"path\":\"/data\"}]",
                413,
                "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001"),
        PATCH_THAT_DOUBLES(
                "PATCH",
                MAPS + "/there",
                "application/json-patch+json",
                "[{\"op\":\"add\",\"path\":\"/data\",\"value\":{}}"
                        + IntStream.range(0, 200)
                                .mapToObj(i -> ",{\"op\":\"copy\",\"from\":\"\",\"path\":\"/data/a" + i + "\"}")
                                .reduce("", String::concat)
                        + "]",
                422,
                ""),
        OPTIONS(
                "DELETE",
                MAPS + "/there",
                JSON,
                "{\"propagationPolicy\":\"Sideways\"}",
                422,
                "DeleteOptions.meta.k8s.io"),
        NO_OPTIONS("DELETE", MAPS + "/there", JSON, "nonsense", 400, ""),
        GRACE("DELETE", MAPS + "/there?gracePeriodSeconds=long", JSON, "", 400, "strconv.ParseInt: parsing \"long\""),
        TIME("GET", MAPS + "?timeout=long", JSON, "", 400, "invalid timeout specified in the request URL"),
        LONG_TIME(
                "GET",
                MAPS + "?timeout=" + "9".repeat(14_000) + "h",
                JSON,
                "",
                400,
                "invalid timeout specified in the request URL");

        private final String method;
        private final String target;
        private final String type;
        private final String body;
        private final int status;
        private final String message;

        Case(String method, String target, String type, String body, int status, String message) {
            this.method = method;
            this.target = target;
            this.type = type;
            this.body = body;
            this.status = status;
            this.message = message;
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void isRefusedWithAStatus(Case input) throws Exception {
        var answer = send(input.method, input.target, input.type, input.body.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(input.status);
        var status = Documents.read(answer.body().getBytes(StandardCharsets.UTF_8));
        assertThat(status.path("kind").asText()).isEqualTo("Status");
        assertThat(status.path("status").asText()).isEqualTo("Failure");
        assertThat(status.path("code").asInt()).isEqualTo(input.status);
        assertThat(status.path("message").asText()).startsWith(input.message);
    }

    private HttpResponse<String> send(String method, String target, String type, byte[] body, String... headers)
            throws Exception {
        var request = HttpRequest.newBuilder(cluster.uri(target)).header("Content-Type", type);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(
                request.method(method, BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
    }

    @Test
    void bytesThatAreNoTextAreReplaced() throws Exception {
        byte[] body = map("{\"a\":\"x?\",\"b\":\"\\ud83d\"}")
                .replace("\"m\"", "\"bytes\"")
                .getBytes(StandardCharsets.UTF_8);
        body[new String(body, StandardCharsets.UTF_8).indexOf('?')] = (byte) 0xfe;
        var answer = send("POST", MAPS, JSON, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.body()).contains("\"a\":\"x\ufffd\"", "\"b\":\"\ufffd\"");
        assertThat(send("POST", MAPS, YAML, new byte[] {'a', ':', ' ', (byte) 0xfe})
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void bodiesAreNotUnpacked() throws Exception {
        byte[] gzip = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff, 1};
        var answer = send("POST", MAPS, JSON, gzip, "Content-Encoding", "gzip");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("invalid character '\\\\x1f' looking for beginning of value");
    }

    @Test
    void quantitiesOfAnyLengthAreRead() throws Exception {
        for (var cpu : List.of("9".repeat(900_000), "1e999999999", "0." + "0".repeat(900_000) + "1", "1e-999999999")) {
            var answer = send("POST", PODS + "?dryRun=All", JSON, pod(cpu).getBytes(StandardCharsets.UTF_8));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
    }

    @Test
    void aChunkedBodyThatIsTooLargeIsRefused() throws Exception {
        var publisher = BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[4 << 20]));
        for (var version : HttpClient.Version.values()) {
            var request = HttpRequest.newBuilder(cluster.uri(MAPS))
                    .version(version)
                    .header("Content-Type", JSON)
                    .POST(publisher)
                    .build();
            var answer = client.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("\"reason\":\"RequestEntityTooLarge\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void formsThatCannotBeMadeAreRefused(Form form) throws Exception {
        var answer = cluster.get(client, MAPS, "Accept", form.accept);
        assertThat(answer.statusCode()).isEqualTo(406);
        assertThat(answer.body())
                .contains(
                        "\"reason\":\"NotAcceptable\"",
                        "only the following media types are accepted: application/json");
    }

    private enum Form {
        XML("application/xml"),
        TEXT("text/*"),
        TABLE_OF_TOMORROW("application/json;as=Table;v=v2;g=meta.k8s.io"),
        TABLE_OF_NOBODY("application/json;as=Table;v=v1;g=example.com"),
        NOTHING(";;;,,,"),
        MUCH("a/b,".repeat(10_000));

        private final String accept;

        Form(String accept) {
            this.accept = accept;
        }
    }

    @Test
    void methodsThatNobodyKnowsAreRefused() throws Exception {
        for (var method : List.of("PROPFIND", "TRACE", "OPTIONS")) {
            var answer = send(method, MAPS, JSON, new byte[0]);
            assertThat(answer.statusCode()).as(method).isEqualTo(405);
            assertThat(answer.body()).contains("\"reason\":\"MethodNotAllowed\"");
        }
    }
}
