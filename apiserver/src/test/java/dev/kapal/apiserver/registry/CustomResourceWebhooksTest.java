package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

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

/// Admission webhooks for custom resources and their definitions.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CustomResourceWebhooksTest {
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String THINGS = "/apis/example.com/v1/things";
    private static final String CONFIGURATIONS = "/apis/admissionregistration.k8s.io/v1/";
    private static final String ON_THINGS =
            "{operations: [CREATE, UPDATE, DELETE], apiGroups: [example.com], apiVersions: ['*'], resources: [things]}";
    private static final String ON_DEFINITIONS =
            "{operations: [CREATE], apiGroups: [apiextensions.k8s.io], apiVersions:"
                    + " ['*'], resources: [customresourcedefinitions]}";
    private static final String SCHEMA =
            "schema: {openAPIV3Schema: {type: object, properties: {data: {type: object, properties: {known: {type: string},"
                    + " more: {type: string, default: d}}}}}}";

    private final Api api =
            new Api(ResourceRegistry.builtIn(), MemoryStore.open(), new FakeTime()).addDefaultNamespace();

    @TempDir
    private Path directory;

    private TestWebhook webhook;

    @BeforeEach
    void start() throws IOException {
        webhook = TestWebhook.start(directory);
    }

    @AfterEach
    void stop() {
        webhook.close();
        api.close();
    }

    private static String definition(String versions) {
        return "{metadata: {name: things.example.com}, spec: {group: example.com, scope: Cluster, names: {plural: things,"
                + " kind: Thing}, versions: [" + versions + "]}}";
    }

    private void define() {
        api.post(
                        CRDS,
                        definition("{name: v1, served: true, storage: true, " + SCHEMA + "}, {name: v2, served: true,"
                                + " storage: false, " + SCHEMA + "}"))
                .is(201);
        try (var watch = api.watch(CRDS + "?watch=1")) {
            while (!watch.next().at("/object/status/conditions").toString().contains("InitialNamesAccepted")) {
                continue;
            }
        }
    }

    private void configure(String kind, String path, String rule) {
        api.post(
                        CONFIGURATIONS + kind,
                        "{metadata: {name: w}, webhooks: [{name: w.example.com, clientConfig: {url: '"
                                + webhook.url(path)
                                + "', caBundle: " + webhook.caBundle() + "}, rules: [" + rule
                                + "], sideEffects: None, admissionReviewVersions: [v1]}]}")
                .is(201);
    }

    @Test
    @Conformance("api-webhook-deny-custom-resource")
    void writesOfACustomResourceAreDenied() {
        define();
        api.post(THINGS, "{metadata: {name: a}, data: {known: x}}").is(201);
        webhook.on("/deny", TestWebhook.deny("the custom resource contains unwanted data"));
        configure("validatingwebhookconfigurations", "/deny", ON_THINGS);
        assertThat(api.post(THINGS, "{metadata: {name: b}}").is(400).at("message"))
                .contains("the custom resource contains unwanted data");
        api.patch(THINGS + "/a", "merge-patch", "{\"data\":{\"known\":\"z\"}}").is(400);
        api.delete(THINGS + "/a").is(400);
    }

    @Test
    @Conformance("api-webhook-deny-crd")
    void aDefinitionIsDenied() {
        webhook.on("/deny", TestWebhook.deny("the crd contains unwanted label"));
        configure("validatingwebhookconfigurations", "/deny", ON_DEFINITIONS);
        assertThat(api.post(CRDS, definition("{name: v1, served: true, storage: true, " + SCHEMA + "}"))
                        .is(400)
                        .at("message"))
                .contains("the crd contains unwanted label");
    }

    @Test
    @Conformance({"api-webhook-mutate-custom-resource", "api-webhook-mutate-cr-pruning"})
    void whatAWebhookAddsIsPrunedAndDefaulted() {
        define();
        webhook.on(
                "/add",
                TestWebhook.patch(
                        "[{\"op\":\"add\",\"path\":\"/data\",\"value\":{\"known\":\"yes\",\"unknown\":\"no\"}}]"));
        configure("mutatingwebhookconfigurations", "/add", ON_THINGS);
        var created = api.post(THINGS, "{metadata: {name: a}}").is(201);
        assertThat(created.at("data")).isEqualTo("{\"known\":\"yes\",\"more\":\"d\"}");
    }

    @Test
    @Conformance("api-webhook-mutate-cr-stored-version")
    void anObjectOfAnEarlierStoredVersionIsPatchedThroughAWebhook() {
        define();
        webhook.on(
                "/add",
                TestWebhook.patch(
                        "[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"seen\":\"by-webhook\"}}]"));
        configure("mutatingwebhookconfigurations", "/add", ON_THINGS);
        api.post(THINGS, "{metadata: {name: a}, data: {known: x}}").is(201);
        try (var watch = api.watch(THINGS + "?watch=1")) {
            api.patch(
                            CRDS + "/things.example.com",
                            "json-patch",
                            "[{\"op\":\"replace\",\"path\":\"/spec/versions/0/storage\",\"value\":false},"
                                    + "{\"op\":\"replace\",\"path\":\"/spec/versions/1/storage\",\"value\":true}]")
                    .is(200);
            while (!watch.hasEnded()) {
                continue;
            }
        }
        var patched = api.patch(THINGS + "/a", "merge-patch", "{\"data\":{\"more\":\"new\"}}")
                .is(200);
        assertThat(patched.at("data.more") + patched.at("metadata.labels.seen")).isEqualTo("newby-webhook");
        assertThat(api.get("/apis/example.com/v2/things/a").at("data.more")).isEqualTo("new");
    }
}
