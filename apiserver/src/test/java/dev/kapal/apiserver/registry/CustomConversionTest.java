package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.webhook.TestWebhook;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.store.MemoryStore;
import dev.kapal.testkit.Conformance;
import dev.kapal.testkit.FakeTime;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Versions that a webhook converts: `hostPort: a:1` in v1 is `host: a` and `port: "1"` in v2.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CustomConversionTest {
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String V1 = "/apis/example.com/v1/namespaces/default/hosts";
    private static final String V2 = "/apis/example.com/v2/namespaces/default/hosts";

    private final Api api =
            new Api(ResourceRegistry.builtIn(), MemoryStore.open(), new FakeTime()).addDefaultNamespace();

    @TempDir
    private Path directory;

    private TestWebhook webhook;

    @BeforeEach
    void start() throws IOException {
        webhook = TestWebhook.start(directory).on("/convert", CustomConversionTest::convert);
    }

    @AfterEach
    void stop() {
        webhook.close();
        api.close();
    }

    private static void convert(JsonNode request, ObjectNode response) {
        var converted = response.putArray("convertedObjects");
        var to = request.path("desiredAPIVersion").asText();
        for (var object : request.path("objects")) {
            var next = ((ObjectNode) object).deepCopy();
            next.put("apiVersion", to);
            if (to.endsWith("v2")) {
                var parts = next.remove("hostPort").asText().split(":");
                next.put("host", parts[0]).put("port", parts[1]);
            } else {
                next.put(
                        "hostPort",
                        next.remove("host").asText() + ":" + next.remove("port").asText());
            }
            converted.add(next);
        }
        response.putObject("result").put("status", "Success");
    }

    private void define(String path) {
        api.post(CRDS, """
                        metadata: {name: hosts.example.com}
                        spec:
                          group: example.com
                          scope: Namespaced
                          names: {plural: hosts, kind: Host}
                          conversion:
                            strategy: Webhook
                            webhook:
                              conversionReviewVersions: [v1]
                              clientConfig: {url: '%s', caBundle: %s}
                          versions:
                          - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {hostPort: {type: string}}}}}
                          - {name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object, required: [host],
                              properties: {host: {type: string, minLength: 2}, port: {type: string}}}}}
                        """.formatted(webhook.url(path), webhook.caBundle())).is(201);
        try (var watch = api.watch(CRDS + "?watch=1")) {
            while (!watch.next().at("/object/status/conditions").toString().contains("InitialNamesAccepted")) {
                continue;
            }
        }
    }

    @Test
    @Conformance("api-crd-conversion-v1-to-v2")
    void anObjectIsReadAndWrittenInEveryVersion() {
        define("/convert");
        api.post(V1, "{metadata: {name: a, labels: {x: z}}, hostPort: 'local:80'}")
                .is(201);
        var v2 = api.get(V2 + "/a").is(200);
        assertThat(v2.at("apiVersion") + v2.at("host") + v2.at("port") + v2.at("metadata.labels.x"))
                .isEqualTo("example.com/v2local80z");
        assertThat(v2.json().has("hostPort")).isFalse();
        api.patch(V2 + "/a", "merge-patch", "{\"port\":\"81\"}").is(200);
        assertThat(api.get(V1 + "/a").at("hostPort")).isEqualTo("local:81");
        assertThat(api.post(V2, "{metadata: {name: b}, host: l, port: '1'}")
                        .is(422)
                        .at("message"))
                .contains("host in body should be at least 2 chars long");
        api.post(V2, "{metadata: {name: b}, host: lo, port: '1'}").is(201);
        assertThat(api.get(V1 + "/b").at("hostPort")).isEqualTo("lo:1");
    }

    @Test
    @Conformance("api-crd-conversion-mixed-list")
    void aListIsConvertedInOneCall() {
        define("/convert");
        api.post(V1, "{metadata: {name: a}, hostPort: 'aa:1'}").is(201);
        api.post(V1, "{metadata: {name: b}, hostPort: 'bb:2'}").is(201);
        int before = webhook.requests().size();
        var list = api.get(V2).is(200);
        assertThat(webhook.requests()).hasSize(before + 1);
        assertThat(list.at("items.0.host") + list.at("items.1.host")).isEqualTo("aabb");
        assertThat(list.at("items.0.apiVersion")).isEqualTo("example.com/v2");
        assertThat(list.at("kind")).isEqualTo("HostList");
        try (var watch = api.watch("/apis/example.com/v2/hosts?watch=1")) {
            api.patch(
                            CRDS + "/hosts.example.com",
                            "json-patch",
                            "[{\"op\":\"replace\",\"path\":\"/spec/versions/0/storage\",\"value\":false},"
                                    + "{\"op\":\"replace\",\"path\":\"/spec/versions/1/storage\",\"value\":true}]")
                    .is(200);
            while (!watch.hasEnded()) {
                continue;
            }
        }
        assertThat(api.get(CRDS + "/hosts.example.com").at("status.storedVersions"))
                .isEqualTo("[\"v1\",\"v2\"]");
        api.post(V1, "{metadata: {name: c}, hostPort: 'cc:3'}").is(201);
        var mixed = api.get(V2).is(200);
        assertThat(mixed.at("items.0.host") + mixed.at("items.1.host") + mixed.at("items.2.host"))
                .isEqualTo("aabbcc");
    }

    @Test
    void aWebhookThatFailsIsNamed() {
        webhook.on(
                "/no",
                (request, response) ->
                        response.putObject("result").put("status", "Failure").put("message", "not today"));
        webhook.on("/few", (request, response) -> {
            response.putArray("convertedObjects");
            response.putObject("result").put("status", "Success");
        });
        webhook.on("/rename", (request, response) -> {
            convert(request, response);
            ((ObjectNode) response.at("/convertedObjects/0/metadata")).put("name", "other");
        });
        fails("/no", "conversion webhook for example.com/v1, Kind=Host failed: not today");
        fails("/few", "conversion webhook for example.com/v1, Kind=Host returned 0 objects, expected 1");
        fails(
                "/rename",
                "conversion webhook for example.com/v1, Kind=Host returned invalid metadata for object at index 0: must"
                        + " have the same name: a != other");
        fails(
                "/nowhere",
                "conversion webhook for example.com/v1, Kind=Host failed: the server could not find the requested resource");
        assertThat(api.metrics.exposition())
                .contains(
                        "apiserver_conversion_webhook_request_total{result=\"failure\",failure_type=\"conversion_webhook_call_failure\"}",
                        "apiserver_conversion_webhook_request_total{result=\"failure\",failure_type=\"conversion_webhook_malformed_response_failure\"}",
                        "apiserver_conversion_webhook_request_total{result=\"failure\",failure_type=\"conversion_webhook_partial_response_failure\"}",
                        "apiserver_conversion_webhook_request_total{result=\"failure\",failure_type=\"conversion_webhook_invalid_converted_object_failure\"}");
    }

    @Test
    void conversionsAreCountedByDefinitionAndVersions() {
        define("/convert");
        api.post(V1, "{metadata: {name: a}, hostPort: 'aa:1'}").is(201);
        api.get(V2 + "/a").is(200);
        assertThat(api.metrics.exposition())
                .contains(
                        "apiserver_crd_conversion_webhook_duration_seconds_count{crd_name=\"hosts.example.com\",from_version=\"v1\",to_version=\"v2\",succeeded=\"true\"}")
                .contains("apiserver_conversion_webhook_request_total{result=\"success\",failure_type=\"\"}")
                .contains(
                        "apiserver_conversion_webhook_duration_seconds_bucket{result=\"success\",failure_type=\"\",le=\"0.005\"}");
    }

    private void fails(String path, String message) {
        define(path);
        api.post(V1, "{metadata: {name: a}, hostPort: 'aa:1'}").is(201);
        assertThat(api.get(V2 + "/a").is(500).at("message")).isEqualTo(message);
        try (var watch = api.watch(CRDS + "?watch=1")) {
            api.delete(CRDS + "/hosts.example.com").is(200);
            while (!watch.next().path("type").asText().equals("DELETED")) {
                continue;
            }
        }
    }
}
