package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.webhook.TestWebhook;
import dev.kapal.http.Headers;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.store.MemoryStore;
import dev.kapal.testkit.Conformance;
import dev.kapal.testkit.FakeTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks as writers meet them, with a real server over TLS.
@Timeout(60)
class WebhooksTest {
    private static final String MUTATING = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
    private static final String VALIDATING = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String ON_MAPS =
            "{operations: [CREATE, UPDATE], apiGroups: [''], apiVersions: [v1], resources: [configmaps]}";

    private final Api api =
            new Api(ResourceRegistry.builtIn(), MemoryStore.open(), new FakeTime()).addDefaultNamespace();

    @TempDir
    private Path directory;

    private TestWebhook webhook;

    @BeforeEach
    void start() throws IOException {
        webhook = TestWebhook.start(directory).on("/allow", TestWebhook.allow());
    }

    @AfterEach
    void close() {
        webhook.close();
        api.close();
    }

    /// @param more fields of the webhook, each ending with a comma
    private String hook(String name, String path, String rule, String more) {
        return "{name: " + name + ".example.com, clientConfig: {url: '" + webhook.url(path) + "', caBundle: "
                + webhook.caBundle() + "}, rules: [" + rule + "], " + more
                + "sideEffects: None, admissionReviewVersions: [v1]}";
    }

    private void configure(String kind, String name, String hooks) {
        api.post(kind, "{metadata: {name: " + name + "}, webhooks: [" + hooks + "]}")
                .is(201);
    }

    private Api.Answer map(String name, String data) {
        return api.post(MAPS, "{metadata: {name: " + name + "}, data: {" + data + "}}");
    }

    private Api.Answer patch(String target, String json) {
        return api.call(
                "PATCH",
                target,
                Headers.of("Content-Type", "application/merge-patch+json"),
                json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aWebhookDeniesInItsOwnWords() {
        webhook.on("/deny", (request, response) -> {
            boolean bad = request.path("object").path("data").has("bad");
            response.put("allowed", !bad)
                    .putObject("status")
                    .put("message", "no bad data")
                    .put("code", 403);
        });
        configure(VALIDATING, "v", hook("deny", "/deny", ON_MAPS, ""));
        var refused = map("a", "bad: x").is(403);
        assertThat(refused.at("message"))
                .isEqualTo("admission webhook \"deny.example.com\" denied the request: no bad data");
        map("a", "good: x").is(201);
        patch(MAPS + "/a", "{\"data\":{\"bad\":\"y\"}}").is(403);
        api.call("DELETE", VALIDATING + "/v", Headers.NONE, new byte[0]).is(200);
        map("b", "bad: x").is(201);
    }

    @Test
    void aReviewSaysWhoAsksForWhat() {
        configure(VALIDATING, "v", hook("see", "/allow", ON_MAPS, ""));
        map("a", "k: v").is(201);
        var request = webhook.requests().getFirst();
        assertThat(request.path("operation").asText()).isEqualTo("CREATE");
        assertThat(request.path("resource").path("resource").asText()).isEqualTo("configmaps");
        assertThat(request.path("requestKind").path("kind").asText()).isEqualTo("ConfigMap");
        assertThat(request.path("namespace").asText()).isEqualTo("default");
        assertThat(request.path("name").asText()).isEqualTo("a");
        assertThat(request.path("userInfo").path("username").asText()).isEqualTo("admin");
        assertThat(request.path("object").path("kind").asText()).isEqualTo("ConfigMap");
        assertThat(request.path("oldObject").isNull()).isTrue();
        assertThat(request.path("options").path("kind").asText()).isEqualTo("CreateOptions");
    }

    @Test
    @Conformance("api-webhook-mutate-configmap-ordered")
    void webhooksChangeTheObjectOneAfterTheOther() {
        webhook.on("/one", TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/one\",\"value\":\"yes\"}]"));
        webhook.on("/two", (request, response) -> {
            if (request.path("object").path("data").has("one")) {
                TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/two\",\"value\":\"yes\"}]")
                        .answer(request, response);
            } else {
                response.put("allowed", true);
            }
        });
        configure(MUTATING, "b", hook("two", "/two", ON_MAPS, ""));
        configure(MUTATING, "a", hook("one", "/one", ON_MAPS, ""));
        var map = map("m", "zero: 'yes'").is(201);
        assertThat(map.at("data")).isEqualTo("{\"zero\":\"yes\",\"one\":\"yes\",\"two\":\"yes\"}");
    }

    @Test
    void aWebhookThatWantsToIsCalledAgainAfterLaterChanges() {
        webhook.on("/first", (request, response) -> {
            JsonNode data = request.path("object").path("data");
            if (data.has("second")) {
                TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/again\",\"value\":\"yes\"}]")
                        .answer(request, response);
            } else {
                response.put("allowed", true);
            }
        });
        webhook.on("/second", TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/second\",\"value\":\"yes\"}]"));
        configure(
                MUTATING,
                "m",
                hook("first", "/first", ON_MAPS, "reinvocationPolicy: IfNeeded, ") + ", "
                        + hook("second", "/second", ON_MAPS, ""));
        assertThat(map("m", "zero: 'yes'").is(201).at("data.again")).isEqualTo("yes");
        assertThat(webhook.requests()).hasSize(3);
    }

    @Test
    @Conformance("api-webhook-mutate-pod-defaulting")
    void whatAWebhookAddsGetsDefaults() {
        webhook.on(
                "/init",
                TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/spec/initContainers\",\"value\":[{\"name\":\"added\","
                        + "\"image\":\"i\",\"unheardOf\":1}]}]"));
        configure(
                MUTATING,
                "m",
                hook(
                        "init",
                        "/init",
                        "{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}",
                        ""));
        var pod = api.post(
                        "/api/v1/namespaces/default/pods",
                        "{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}")
                .is(201);
        assertThat(pod.at("spec.initContainers.0.name")).isEqualTo("added");
        assertThat(pod.at("spec.initContainers.0.terminationMessagePolicy")).isEqualTo("File");
        assertThat(pod.at("spec.initContainers.0.unheardOf")).isEmpty();
    }

    @Test
    @Conformance("api-webhook-timeout")
    void aWebhookThatHangsFailsOrIsIgnoredAndHoldsUpNobodyElse() {
        configure(VALIDATING, "v", hook("slow", "/hang", ON_MAPS, "timeoutSeconds: 1, "));
        assertThat(map("a", "").is(500).at("message"))
                .isEqualTo("Internal error occurred: failed calling webhook \"slow.example.com\": failed to call"
                        + " webhook: Post \"" + webhook.url("/hang") + "?timeout=1s\": context deadline exceeded");
        api.post("/api/v1/namespaces/default/secrets", "{metadata: {name: s}}").is(201);
        patch(
                        VALIDATING + "/v",
                        "{\"webhooks\":["
                                + json(hook(
                                        "slow", "/hang", ON_MAPS, "timeoutSeconds: 1," + " failurePolicy: Ignore, "))
                                + "]}")
                .is(200);
        map("a", "").is(201);
    }

    @Test
    void aWebhookMayPatchMoreThanAClient() {
        var operations = "{\"op\":\"test\",\"path\":\"/kind\",\"value\":\"ConfigMap\"},".repeat(10_001);
        webhook.on(
                "/long",
                TestWebhook.patch("[" + operations + "{\"op\":\"add\",\"path\":\"/data/b\",\"value\":\"y\"}]"));
        configure(MUTATING, "m", hook("long", "/long", ON_MAPS, ""));
        assertThat(map("a", "a: x").is(201).at("data.b")).isEqualTo("y");
    }

    @Test
    void aPatchThatIsNoneIsAFailureAndMayBeIgnored() {
        webhook.on("/one", TestWebhook.patch("{\"op\":\"add\"}"));
        configure(MUTATING, "a", hook("one", "/one", ON_MAPS, ""));
        assertThat(map("a", "").is(500).at("message"))
                .startsWith("Internal error occurred: failed calling webhook \"one.example.com\": received undecodable"
                        + " patch in webhook response: ");
        patch(MUTATING + "/a", "{\"webhooks\":[" + json(hook("one", "/one", ON_MAPS, "failurePolicy: Ignore, ")) + "]}")
                .is(200);
        map("a", "").is(201);
    }

    private String json(String yaml) {
        return new String(
                Documents.json(new DocumentDecoder()
                        .decode(yaml.getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                        .document()),
                StandardCharsets.UTF_8);
    }

    @Test
    @Conformance("api-webhook-fail-closed")
    void aWebhookThatCannotBeTrustedFailsClosed() {
        api.post(
                        VALIDATING,
                        "{metadata: {name: v}, webhooks: [{name: x.example.com, clientConfig: {url: '"
                                + webhook.url("/allow") + "'}, rules: [" + ON_MAPS + "], sideEffects: None,"
                                + " admissionReviewVersions: [v1]}]}")
                .is(201);
        assertThat(map("a", "").is(500).at("message"))
                .isEqualTo("Internal error occurred: failed calling webhook \"x.example.com\": failed to call webhook:"
                        + " Post \"" + webhook.url("/allow")
                        + "?timeout=10s\": tls: failed to verify certificate: x509:"
                        + " certificate signed by unknown authority");
    }

    @Test
    void aServiceThatIsNotThereIsNamed() {
        api.post(
                        VALIDATING,
                        "{metadata: {name: v}, webhooks: [{name: x.example.com, clientConfig: {service: {namespace:"
                                + " default, name: gone, path: /p}}, rules: [" + ON_MAPS + "], sideEffects: None,"
                                + " admissionReviewVersions: [v1]}]}")
                .is(201);
        assertThat(map("a", "").is(500).at("message"))
                .isEqualTo("Internal error occurred: failed calling webhook \"x.example.com\": failed to call webhook:"
                        + " Post \"https://gone.default.svc:443/p?timeout=10s\": service \"gone\" not found");
    }

    @Test
    @Conformance("api-webhook-not-on-webhook-config")
    void configurationsOfWebhooksAreOutOfTheirReach() {
        webhook.on("/deny", TestWebhook.deny("never"));
        configure(
                VALIDATING,
                "v",
                hook(
                        "all",
                        "/deny",
                        "{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*']}",
                        ""));
        api.post(VALIDATING, "{metadata: {name: w}}").is(201);
        api.call("DELETE", VALIDATING + "/w", Headers.NONE, new byte[0]).is(200);
        map("a", "").is(400);
        api.call("DELETE", VALIDATING + "/v", Headers.NONE, new byte[0]).is(200);
    }

    @Test
    @Conformance({"api-webhook-mutate-skip-me", "api-webhook-mutating-match-conditions"})
    void conditionsLeaveRequestsOut() {
        webhook.on("/one", TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/one\",\"value\":\"yes\"}]"));
        configure(
                MUTATING,
                "m",
                hook(
                        "one",
                        "/one",
                        ON_MAPS,
                        "matchConditions: [{name: skip, expression: 'object.metadata.name != \"skip-me\" &&"
                                + " request.userInfo.username == \"admin\"'}], "));
        assertThat(map("skip-me", "k: v").is(201).at("data.one")).isEmpty();
        assertThat(map("change-me", "k: v").is(201).at("data.one")).isEqualTo("yes");
    }

    @Test
    void selectorsLeaveNamespacesAndObjectsOut() {
        webhook.on("/deny", TestWebhook.deny("no"));
        configure(
                VALIDATING,
                "v",
                hook(
                        "deny",
                        "/deny",
                        ON_MAPS,
                        "namespaceSelector: {matchExpressions: [{key: free, operator: DoesNotExist}]}, objectSelector:"
                                + " {matchLabels: {watched: 'yes'}}, "));
        map("a", "").is(201);
        api.post(MAPS, "{metadata: {name: b, labels: {watched: 'yes'}}}").is(400);
        api.post("/api/v1/namespaces", "{metadata: {name: open, labels: {free: 'yes'}}}")
                .is(201);
        api.post("/api/v1/namespaces/open/configmaps", "{metadata: {name: b, labels: {watched: 'yes'}}}")
                .is(201);
    }

    @Test
    void aDryRunCallsOnlyWhatHasNoSideEffects() {
        configure(VALIDATING, "v", hook("see", "/allow", ON_MAPS, ""));
        api.post(MAPS + "?dryRun=All", "{metadata: {name: a}}").is(201);
        assertThat(webhook.requests().getFirst().path("dryRun").asBoolean()).isTrue();
    }

    @Test
    void warningsReachTheClient() {
        webhook.on(
                "/warn",
                (request, response) ->
                        response.put("allowed", true).putArray("warnings").add("think again"));
        configure(VALIDATING, "v", hook("warn", "/warn", ON_MAPS, ""));
        assertThat(map("a", "").is(201).headers().first("Warning")).contains("299 - \"think again\"");
    }

    @Test
    void aScaleIsShownAsAScale() {
        configure(
                VALIDATING,
                "v",
                hook(
                        "see",
                        "/allow",
                        "{operations: [UPDATE], apiGroups: [apps], apiVersions: [v1], resources: [deployments/scale]}",
                        ""));
        api.post(
                        "/apis/apps/v1/namespaces/default/deployments",
                        "{metadata: {name: d}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels:"
                                + " {a: b}}, spec: {containers: [{name: c, image: i}]}}}}")
                .is(201);
        patch("/apis/apps/v1/namespaces/default/deployments/d/scale", "{\"spec\":{\"replicas\":3}}")
                .is(200);
        var request = webhook.requests().getFirst();
        assertThat(request.path("kind").path("kind").asText()).isEqualTo("Scale");
        assertThat(request.path("subResource").asText()).isEqualTo("scale");
        assertThat(request.path("object").path("spec").path("replicas").asInt()).isEqualTo(3);
        assertThat(request.path("oldObject").path("spec").path("replicas").asInt())
                .isEqualTo(1);
    }

    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String SHIPS = "/apis/sea.example/v1/namespaces/default/ships";
    private static final String ON_SHIPS =
            "{operations: ['*'], apiGroups: [sea.example], apiVersions: [v1], resources: [ships]}";

    /// A kind whose objects know one field of data.
    private void defineShips() {
        api.post(
                        DEFINITIONS,
                        "{metadata: {name: ships.sea.example}, spec: {group: sea.example, scope: Namespaced, names:"
                                + " {plural: ships, singular: ship, kind: Ship, listKind: ShipList}, versions: [{name: v1,"
                                + " served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties:"
                                + " {data: {type: object, properties: {first: {type: string}, stage1: {type:"
                                + " string}}}}}}}]}}")
                .is(201);
        awaitEstablished();
    }

    private void awaitEstablished() {
        try (var watch = api.watch(DEFINITIONS + "?watch=1&fieldSelector=metadata.name%3Dships.sea.example")) {
            while (!watch.next()
                    .path("object")
                    .path("status")
                    .path("conditions")
                    .toString()
                    .contains("Established\",\"status\":\"True\"")) {
                continue;
            }
        }
    }

    @Test
    @Conformance("api-webhook-deny-crd")
    void aDefinitionCanBeDenied() {
        webhook.on("/deny", TestWebhook.deny("the crd contains unwanted label"));
        configure(
                VALIDATING,
                "v",
                hook(
                        "deny",
                        "/deny",
                        "{operations: [CREATE], apiGroups: ['apiextensions.k8s.io'], apiVersions: ['*'], resources:"
                                + " [customresourcedefinitions]}",
                        ""));
        assertThat(api.post(
                                DEFINITIONS,
                                "{metadata: {name: ships.sea.example}, spec: {group: sea.example, scope: Namespaced,"
                                        + " names: {plural: ships, kind: Ship}, versions: [{name: v1, served: true,"
                                        + " storage: true, schema: {openAPIV3Schema: {type: object}}}]}}")
                        .is(400)
                        .at("message"))
                .isEqualTo(
                        "admission webhook \"deny.example.com\" denied the request: the crd contains unwanted label");
    }

    @Test
    @Conformance("api-webhook-deny-custom-resource")
    void aCustomResourceCanBeDeniedToComeToChangeAndToGo() {
        defineShips();
        api.post(SHIPS, "{apiVersion: sea.example/v1, kind: Ship, metadata: {name: a}, data: {first: x}}")
                .is(201);
        webhook.on("/deny", TestWebhook.deny("no"));
        configure(VALIDATING, "v", hook("deny", "/deny", ON_SHIPS, ""));
        api.post(SHIPS, "{apiVersion: sea.example/v1, kind: Ship, metadata: {name: b}}")
                .is(400);
        patch(SHIPS + "/a", "{\"data\":{\"first\":\"z\"}}").is(400);
        api.call("DELETE", SHIPS + "/a", Headers.NONE, new byte[0]).is(400);
        var requests = webhook.requests();
        assertThat(requests)
                .extracting(r -> r.path("operation").asText())
                .containsExactly("CREATE", "UPDATE", "DELETE");
        assertThat(requests.get(2)
                        .path("oldObject")
                        .path("metadata")
                        .path("name")
                        .asText())
                .isEqualTo("a");
    }

    @Test
    @Conformance({"api-webhook-mutate-custom-resource", "api-webhook-mutate-cr-pruning"})
    void aCustomResourceIsChangedAndPrunedAfterwards() {
        defineShips();
        webhook.on(
                "/stages",
                TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/stage1\",\"value\":\"yes\"},"
                        + "{\"op\":\"add\",\"path\":\"/data/stage2\",\"value\":\"yes\"}]"));
        configure(MUTATING, "m", hook("stages", "/stages", ON_SHIPS, ""));
        var ship = api.post(SHIPS, "{apiVersion: sea.example/v1, kind: Ship, metadata: {name: a}, data: {first: x}}")
                .is(201);
        assertThat(ship.at("data")).isEqualTo("{\"first\":\"x\",\"stage1\":\"yes\"}");
    }

    @Test
    @Conformance({"api-webhook-update-validating", "api-webhook-validating-match-conditions"})
    void aRuleThatChangesCountsAtOnce() {
        webhook.on("/deny", TestWebhook.deny("no"));
        configure(
                VALIDATING, "v", hook("deny", "/deny", ON_MAPS, "matchConditions: [{name: c, expression: 'true'}], "));
        assertThat(api.get(VALIDATING + "/v").at("webhooks.0.matchConditions"))
                .isEqualTo("[{\"name\":\"c\",\"expression\":\"true\"}]");
        map("a", "").is(400);
        api.patch(
                        VALIDATING + "/v",
                        "json-patch",
                        "[{\"op\":\"replace\",\"path\":\"/webhooks/0/rules/0/operations\",\"value\":[\"UPDATE\"]}]")
                .is(200);
        map("a", "").is(201);
        api.patch(
                        VALIDATING + "/v",
                        "json-patch",
                        "[{\"op\":\"replace\",\"path\":\"/webhooks/0/rules/0/operations\",\"value\":[\"CREATE\"]}]")
                .is(200);
        map("b", "").is(400);
    }

    @Test
    @Conformance("api-webhook-update-mutating")
    void aMutatingRuleThatChangesCountsAtOnce() {
        webhook.on("/one", TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/one\",\"value\":\"yes\"}]"));
        configure(MUTATING, "m", hook("one", "/one", ON_MAPS, ""));
        api.patch(
                        MUTATING + "/m",
                        "json-patch",
                        "[{\"op\":\"replace\",\"path\":\"/webhooks/0/rules/0/operations\",\"value\":[\"UPDATE\"]}]")
                .is(200);
        assertThat(map("a", "k: v").is(201).at("data.one")).isEmpty();
        api.patch(
                        MUTATING + "/m",
                        "json-patch",
                        "[{\"op\":\"replace\",\"path\":\"/webhooks/0/rules/0/operations\",\"value\":[\"CREATE\"]}]")
                .is(200);
        assertThat(map("b", "k: v").is(201).at("data.one")).isEqualTo("yes");
    }

    private static final String ON_SECOND =
            "{operations: [CREATE], apiGroups: [sea.example], apiVersions: [v2], resources: [ships]}";

    private void defineShipsInTwoVersions() {
        var schema = "schema: {openAPIV3Schema: {type: object, properties: {data: {type: object,"
                + " x-kubernetes-preserve-unknown-fields: true}}}}";
        api.post(
                        DEFINITIONS,
                        "{metadata: {name: ships.sea.example}, spec: {group: sea.example, scope: Namespaced, names:"
                                + " {plural: ships, kind: Ship}, versions: [{name: v1, served: true, storage: true, "
                                + schema + "}, {name: v2, served: true, storage: false, " + schema + "}]}}")
                .is(201);
        awaitEstablished();
    }

    @Test
    void anotherVersionOfTheSameResourceIsShownInTheVersionOfTheRule() {
        defineShipsInTwoVersions();
        configure(VALIDATING, "v", hook("see", "/allow", ON_SECOND, ""));
        api.post(SHIPS, "{apiVersion: sea.example/v1, kind: Ship, metadata: {name: a}, data: {first: x}}")
                .is(201);
        var request = webhook.requests().getFirst();
        assertThat(request.path("kind").path("version").asText()).isEqualTo("v2");
        assertThat(request.path("resource").path("version").asText()).isEqualTo("v2");
        assertThat(request.path("requestKind").path("version").asText()).isEqualTo("v1");
        assertThat(request.path("object").path("apiVersion").asText()).isEqualTo("sea.example/v2");
    }

    @Test
    void anExactRuleLeavesOtherVersionsAlone() {
        defineShipsInTwoVersions();
        webhook.on("/deny", TestWebhook.deny("no"));
        configure(VALIDATING, "v", hook("deny", "/deny", ON_SECOND, "matchPolicy: Exact, "));
        api.post(SHIPS, "{apiVersion: sea.example/v1, kind: Ship, metadata: {name: a}}")
                .is(201);
    }

    @Test
    @Conformance("api-webhook-mutate-cr-stored-version")
    void aCustomResourceIsChangedWhateverVersionIsStored() {
        defineShipsInTwoVersions();
        webhook.on("/stage", TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/seen\",\"value\":\"yes\"}]"));
        configure(MUTATING, "m", hook("stage", "/stage", ON_SHIPS, ""));
        var ship = api.post(SHIPS, "{apiVersion: sea.example/v1, kind: Ship, metadata: {name: a}, data: {first: x}}")
                .is(201);
        assertThat(ship.at("data.seen")).isEqualTo("yes");
        api.patch(
                        DEFINITIONS + "/ships.sea.example",
                        "json-patch",
                        "[{\"op\":\"replace\",\"path\":\"/spec/versions/0/storage\",\"value\":false},"
                                + "{\"op\":\"replace\",\"path\":\"/spec/versions/1/storage\",\"value\":true}]")
                .is(200);
        webhook.on("/stage", TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/again\",\"value\":\"yes\"}]"));
        var patched = patch(SHIPS + "/a", "{\"data\":{\"second\":\"y\"}}").is(200);
        assertThat(patched.at("data"))
                .isEqualTo("{\"first\":\"x\",\"seen\":\"yes\",\"second\":\"y\",\"again\":\"yes\"}");
    }
}
