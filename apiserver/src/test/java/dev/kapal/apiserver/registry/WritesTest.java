package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.http.Headers;
import dev.kapal.testkit.Conformance;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WritesTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

    private static final String DEPLOYMENT = """
            {metadata: {name: web}, spec: {selector: {matchLabels: {app: web}}, template: {
              metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}}}
            """;

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void createsWhatCanBeReadBack() {
        var created = api.post(MAPS, "{metadata: {name: a}, data: {k: v}}").is(201);

        assertThat(created.at("kind")).isEqualTo("ConfigMap");
        assertThat(created.at("metadata.namespace")).isEqualTo("default");
        assertThat(created.at("metadata.uid")).hasSize(36);
        assertThat(created.at("metadata.creationTimestamp")).isEqualTo("2025-01-01T00:00:00Z");
        assertThat(created.at("metadata.resourceVersion")).isNotEmpty();
        assertThat(api.get(MAPS + "/a").is(200).body()).isEqualTo(created.body());
    }

    @Test
    void refusesASecondObjectOfTheSameName() {
        api.post(MAPS, "{metadata: {name: a}}").is(201);

        var refusal = api.post(MAPS, "{metadata: {name: a}}").is(409);

        assertThat(refusal.at("reason")).isEqualTo("AlreadyExists");
        assertThat(refusal.at("message")).isEqualTo("configmaps \"a\" already exists");
        assertThat(refusal.at("details")).isEqualTo("{\"name\":\"a\",\"kind\":\"configmaps\"}");
    }

    @Test
    void saysThatAnObjectIsMissing() {
        var refusal = api.get(DEPLOYMENTS + "/x").is(404);

        assertThat(refusal.at("message")).isEqualTo("deployments.apps \"x\" not found");
        assertThat(refusal.at("details")).isEqualTo("{\"name\":\"x\",\"group\":\"apps\",\"kind\":\"deployments\"}");
    }

    @Test
    void generatesNames() {
        var one = api.post(MAPS, "{metadata: {generateName: web-}}").is(201).at("metadata.name");
        var two = api.post(MAPS, "{metadata: {generateName: web-}}").is(201).at("metadata.name");

        assertThat(one).matches("web-[bcdfghjklmnpqrstvwxz2456789]{5}").isNotEqualTo(two);
    }

    @Test
    void wantsAName() {
        var refusal = api.post(MAPS, "{data: {}}").is(422);

        assertThat(refusal.at("message"))
                .isEqualTo(
                        "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required");
    }

    @Test
    void wantsANamespaceThatIsThere() {
        var refusal = api.post("/api/v1/namespaces/nowhere/configmaps", "{metadata: {name: a}}")
                .is(404);

        assertThat(refusal.at("message")).isEqualTo("namespaces \"nowhere\" not found");
    }

    @Test
    void refusesAnUpdateOfAnOldVersion() {
        var first = api.post(DEPLOYMENTS, DEPLOYMENT).is(201).json();
        api.patch(DEPLOYMENTS + "/web", "merge-patch", "{\"spec\":{\"replicas\":2}}")
                .is(200);

        var refusal = api.put(DEPLOYMENTS + "/web", first).is(409);

        assertThat(refusal.at("reason")).isEqualTo("Conflict");
        assertThat(refusal.at("message"))
                .isEqualTo("Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified;"
                        + " please apply your changes to the latest version and try again");
    }

    @Test
    void updatesWithoutAVersionWhateverIsThere() {
        api.post(MAPS, "{metadata: {name: a}, data: {k: v}}").is(201);

        api.put(MAPS + "/a", "{metadata: {name: a}, data: {k: w}}").is(200);

        assertThat(api.get(MAPS + "/a").at("data.k")).isEqualTo("w");
    }

    @Test
    void writesNothingWhenNothingChanges() {
        var created = api.post(MAPS, "{metadata: {name: a}, data: {k: v}}").is(201);

        var updated = api.put(MAPS + "/a", created.json()).is(200);

        assertThat(updated.at("metadata.resourceVersion")).isEqualTo(created.at("metadata.resourceVersion"));
        assertThat(api.store.revision()).isEqualTo(Long.parseLong(created.at("metadata.resourceVersion")));
    }

    @Test
    void countsGenerationsOfTheSpecificationOnly() {
        var created = api.post(DEPLOYMENTS, DEPLOYMENT).is(201);
        assertThat(created.at("metadata.generation")).isEqualTo("1");

        var labeled = api.patch(DEPLOYMENTS + "/web", "merge-patch", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        assertThat(labeled.is(200).at("metadata.generation")).isEqualTo("1");

        var scaled = api.patch(DEPLOYMENTS + "/web", "merge-patch", "{\"spec\":{\"replicas\":3}}");
        assertThat(scaled.is(200).at("metadata.generation")).isEqualTo("2");
    }

    @Test
    void keepsStatusAndSpecificationApart() {
        var created = api.post(DEPLOYMENTS, DEPLOYMENT).is(201).json();
        created.withObject("/status").put("replicas", 5);
        created.withObject("/spec").put("replicas", 7);

        var status = api.put(DEPLOYMENTS + "/web/status", created).is(200);
        assertThat(status.at("status.replicas")).isEqualTo("5");
        assertThat(status.at("spec.replicas")).isEqualTo("1");

        ObjectNode changed = status.json();
        changed.withObject("/status").put("replicas", 9);
        changed.withObject("/spec").put("replicas", 7);
        var spec = api.put(DEPLOYMENTS + "/web", changed).is(200);
        assertThat(spec.at("status.replicas")).isEqualTo("5");
        assertThat(spec.at("spec.replicas")).isEqualTo("7");
    }

    @Test
    void patchesInAllThreeFormats() {
        api.post(DEPLOYMENTS, DEPLOYMENT).is(201);
        var path = DEPLOYMENTS + "/web";

        api.patch(path, "json-patch", "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":4}]")
                .is(200);
        api.patch(path, "merge-patch", "{\"metadata\":{\"annotations\":{\"x\":\"y\"}}}")
                .is(200);
        var patched = api.patch(
                        path,
                        "strategic-merge-patch",
                        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"nginx:2\"}]}}}}")
                .is(200);

        assertThat(patched.at("spec.replicas")).isEqualTo("4");
        assertThat(patched.at("metadata.annotations.x")).isEqualTo("y");
        assertThat(patched.at("spec.template.spec.containers.0.image")).isEqualTo("nginx:2");
        assertThat(patched.at("spec.template.spec.containers.0.imagePullPolicy"))
                .as("other fields of the list's item")
                .isNotEmpty();
    }

    @Test
    void refusesPatchFormatsItDoesNotKnow() {
        api.post(MAPS, "{metadata: {name: a}}").is(201);

        var refusal = api.patch(MAPS + "/a", "apply-patch", "{}").is(415);

        assertThat(refusal.at("reason")).isEqualTo("UnsupportedMediaType");
        assertThat(refusal.at("message")).contains("application/strategic-merge-patch+json");
    }

    @Test
    void blamesThePatchForWhatDoesNotFit() {
        api.post(MAPS, "{metadata: {name: a}}").is(201);

        var wrongType =
                api.patch(MAPS + "/a", "merge-patch", "{\"data\":{\"k\":1}}").is(422);
        assertThat(wrongType.at("message")).startsWith(" \"\" is invalid: patch: Invalid value: \"{\\\"kind\\\":");
        assertThat(wrongType.at("details.causes.0.field")).isEqualTo("patch");

        var unknown = api.patch(MAPS + "/a?fieldValidation=Strict", "strategic-merge-patch", "{\"dat\":{\"k\":\"v\"}}")
                .is(422);
        assertThat(unknown.at("message"))
                .isEqualTo(
                        " \"\" is invalid: patch: Invalid value: \"map[dat:map[k:v]]\": strict decoding error: unknown"
                                + " field \"dat\"");

        var test = "[{\"op\":\"test\",\"path\":\"/data/k\",\"value\":\"x\"}]";
        assertThat(api.patch(MAPS + "/a", "json-patch", test).is(422).at("message"))
                .isEqualTo("the server rejected our request due to an error in our request");
    }

    @Test
    void writesNothingInADryRun() {
        var created = api.post(MAPS + "?dryRun=All", "{metadata: {name: a}}").is(201);

        assertThat(created.at("metadata.uid")).isNotEmpty();
        assertThat(created.at("metadata.resourceVersion")).isEmpty();
        api.get(MAPS + "/a").is(404);
        assertThat(api.post(MAPS + "?dryRun=Some", "{metadata: {name: a}}")
                        .is(422)
                        .at("message"))
                .contains("dryRun: Unsupported value: \"Some\": supported values: \"All\"");
    }

    @Test
    @Conformance({"api-field-validation-typed-unknown-duplicate", "api-field-validation-typed-unknown-metadata"})
    void warnsOfUnknownFieldsOrRefusesThem() {
        var warned = api.post(MAPS, "{metadata: {name: a}, dat: {}}").is(201);
        assertThat(warned.headers().all("Warning")).containsExactly("299 - \"unknown field \\\"dat\\\"\"");
        assertThat(warned.json().has("dat")).isFalse();

        var ignored = api.post(MAPS + "?fieldValidation=Ignore", "{metadata: {name: b}, dat: {}}");
        assertThat(ignored.is(201).headers().has("Warning")).isFalse();

        var refused = api.post(MAPS + "?fieldValidation=Strict", "{metadata: {name: c}, dat: {}}");
        assertThat(refused.is(400).at("message"))
                .isEqualTo("ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error:"
                        + " unknown field \"dat\"");
    }

    @Test
    void refusesOtherKindsAndVersions() {
        assertThat(api.post(MAPS, "{kind: Secret, apiVersion: v1, metadata: {name: a}}")
                        .is(400)
                        .at("message"))
                .startsWith("Secret in version \"v1\" cannot be handled as a ConfigMap");
        assertThat(api.post(DEPLOYMENTS, "{kind: Deployment, apiVersion: apps/v1beta1, metadata: {name: a}}")
                        .is(400)
                        .at("message"))
                .isEqualTo("the API version in the data (apps/v1beta1) does not match the expected API version"
                        + " (apps/v1)");
    }

    @Test
    void refusesNamesThatDoNotMatchThePath() {
        api.post(MAPS, "{metadata: {name: a}}").is(201);

        assertThat(api.put(MAPS + "/a", "{metadata: {name: b}}").is(400).at("message"))
                .isEqualTo("the name of the object (b) does not match the name on the URL (a)");
        assertThat(api.post(MAPS, "{metadata: {name: b, namespace: other}}")
                        .is(400)
                        .at("message"))
                .isEqualTo("the namespace of the provided object does not match the namespace sent on the request");
    }

    @Test
    void createsLimitRangesByUpdateAndWithoutAName() {
        var ranges = "/api/v1/namespaces/default/limitranges";

        api.put(ranges + "/r", "{metadata: {name: r}, spec: {limits: []}}").is(201);

        var unnamed = api.post(ranges, "{metadata: {}, spec: {limits: []}}").is(201);
        assertThat(unnamed.at("metadata.name")).hasSize(36);
    }

    @Test
    void createsLeasesByUpdate() {
        var path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/l";

        api.put(path, "{metadata: {name: l}, spec: {leaseDurationSeconds: 40}}").is(201);

        assertThat(api.put(path, "{metadata: {name: l}, spec: {leaseDurationSeconds: 50}}")
                        .is(422)
                        .at("message"))
                .isEqualTo("Lease.coordination.k8s.io \"l\" is invalid: metadata.resourceVersion: Invalid value: 0:"
                        + " must be specified for an update");
    }

    @Test
    void scalesThroughTheSubresource() {
        api.post(DEPLOYMENTS, DEPLOYMENT).is(201);

        var scale = api.get(DEPLOYMENTS + "/web/scale").is(200);
        assertThat(scale.at("kind")).isEqualTo("Scale");
        assertThat(scale.at("status.selector")).isEqualTo("app=web");

        var patched = api.patch(DEPLOYMENTS + "/web/scale", "merge-patch", "{\"spec\":{\"replicas\":8}}");
        assertThat(patched.is(200).at("spec.replicas")).isEqualTo("8");
        assertThat(api.get(DEPLOYMENTS + "/web").at("spec.replicas")).isEqualTo("8");
        assertThat(api.get(DEPLOYMENTS + "/web").at("metadata.generation")).isEqualTo("2");
    }

    @Test
    void answersInYaml() {
        api.post(MAPS, "{metadata: {name: a}}").is(201);

        var answer = api.get(MAPS + "/a", "application/yaml").is(200);

        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("kind: ConfigMap\n");
    }

    @Test
    void refusesObjectsThatNoStoreWouldTake() {
        var big = "x".repeat(1_600_000);
        var refused = api.post(
                        "/apis/apps/v1/namespaces/default/controllerrevisions",
                        "{metadata: {name: r}, revision: 1, data: {k: " + big + "}}")
                .is(500);
        assertThat(refused.at("message")).isEqualTo("etcdserver: request is too large");
    }

    @Test
    void refusesTooManyAnnotationsTogether() {
        var half = "x".repeat(140_000);
        var refused = api.post(MAPS, "{metadata: {name: m, annotations: {a: " + half + ", b: " + half + "}}}")
                .is(422);
        assertThat(refused.at("message"))
                .isEqualTo("ConfigMap \"m\" is invalid: metadata.annotations: Too long: may not be more than 262144"
                        + " bytes");
    }

    @Test
    void refusesPatchesOfTooManyOperations() {
        api.post(MAPS, "{metadata: {name: m}}").is(201);
        var operation = "{\"op\":\"test\",\"path\":\"/kind\",\"value\":\"ConfigMap\"}";
        var patch = "[" + (operation + ",").repeat(10_000) + operation + "]";
        var refused = api.patch(MAPS + "/m", "json-patch", patch).is(413);
        assertThat(refused.at("message"))
                .isEqualTo(
                        "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001");
    }

    @Test
    void followsEveryDirectiveOfAStrategicPatch() {
        var web = "/apis/apps/v1/namespaces/default/deployments/web";
        api.post(
                        "/apis/apps/v1/namespaces/default/deployments",
                        "{metadata: {name: web, finalizers: [x/a, x/b]}, spec: {selector: {matchLabels: {a: b}},"
                                + " template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: x},"
                                + " {name: b, image: x}]}}}}")
                .is(201);
        var ordered = strategic(web, """
                {"metadata":{"$deleteFromPrimitiveList/finalizers":["x/a"]},
                 "spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],
                   "containers":[{"name":"a","image":"y1"},{"name":"b","image":"y2"}]}}}}""");
        assertThat(ordered.at("/metadata/finalizers").toString()).isEqualTo("[\"x/b\"]");
        assertThat(ordered.at("/spec/template/spec/containers").findValuesAsText("image"))
                .containsExactly("y2", "y1");
        var retained = strategic(web, """
                {"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"},"template":{"spec":{
                   "containers":[{"name":"a","$patch":"delete"},{"name":"z","image":"x"}]}}}}""");
        assertThat(retained.at("/spec/strategy").toString()).isEqualTo("{\"type\":\"Recreate\"}");
        assertThat(retained.at("/spec/template/spec/containers").findValuesAsText("name"))
                .containsExactlyInAnyOrder("b", "z");
        var replaced = strategic(web, """
                {"metadata":{"labels":{"$patch":"replace","only":"this"}}}""");
        assertThat(replaced.at("/metadata/labels").toString()).isEqualTo("{\"only\":\"this\"}");
    }

    private JsonNode strategic(String target, String patch) {
        return api.patch(target, "strategic-merge-patch", patch).is(200).json();
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        var refusal = api.post(MAPS, "{metadata: {name: a}, data: {k: " + "x".repeat(3 * 1024 * 1024) + "}}");

        assertThat(refusal.is(413).at("reason")).isEqualTo("RequestEntityTooLarge");
    }

    @Test
    void readsProtobuf() {
        // a runtime.Unknown with the type meta (v1, ConfigMap) around a message with metadata.name a and data k: v
        var typeMeta = "\n\2v1\22\11ConfigMap";
        var message = "\n\3\n\1a\22\6\n\1k\22\1v";
        var body = "k8s\0\n" + (char) typeMeta.length() + typeMeta + "\22" + (char) message.length() + message;
        var headers = Headers.of("Content-Type", "application/vnd.kubernetes.protobuf");

        var created = api.call("POST", MAPS, headers, body.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(created.is(201).at("data")).isEqualTo("{\"k\":\"v\"}");
        assertThat(api.call("POST", MAPS, headers, new byte[] {'k', '8', 's', 0, 7})
                        .is(400)
                        .at("reason"))
                .isEqualTo("BadRequest");
    }

    @Test
    void saysWhatIsWrongWithProtobuf() {
        var headers = Headers.of("Content-Type", "application/vnd.kubernetes.protobuf");
        var typeMeta = "\n\2v1\22\11ConfigMap";
        var truncated = "k8s\0\n" + (char) typeMeta.length() + typeMeta + "\22\3\n\5x";

        assertThat(api.call("POST", MAPS, headers, truncated.getBytes(StandardCharsets.ISO_8859_1))
                        .is(400)
                        .at("message"))
                .isEqualTo("ConfigMap in version \"v1\" cannot be handled as a ConfigMap: unexpected EOF");
        assertThat(api.call("POST", MAPS, headers, new byte[] {'{', '}'})
                        .is(400)
                        .at("message"))
                .isEqualTo("the object provided is unrecognized (must be of type ConfigMap): provided data does not"
                        + " appear to be a protobuf message, expected prefix [107 56 115 0] ({})");
    }

    @Test
    void refusesOtherContentTypes() {
        var headers = Headers.of("Content-Type", "text/plain");

        assertThat(api.call("POST", MAPS, headers, new byte[0]).is(415).at("reason"))
                .isEqualTo("UnsupportedMediaType");
    }

    @Test
    void takesDoubleOwnersOutAndWarns() {
        var owner = "{apiVersion: v1, kind: ConfigMap, name: o, uid: %s}";
        var one = owner.formatted("u1");
        var two = owner.formatted("u2");
        var other = "{apiVersion: v1, kind: ConfigMap, name: other, uid: u1}";
        var created = api.post(
                        MAPS,
                        "{metadata: {name: owned, ownerReferences: [%s, %s, %s, %s, %s]}}"
                                .formatted(one, one, two, other, two))
                .is(201);
        assertThat(created.json().path("metadata").path("ownerReferences")).hasSize(3);
        assertThat(created.headers().first("Warning"))
                .contains("299 - \".metadata.ownerReferences contains duplicate entries; API server dedups owner"
                        + " references in 1.20+, and may reject such requests as early as 1.24; please fix your"
                        + " requests; duplicate UID(s) observed: u1, u2\"");
        var patched = api.patch(
                        MAPS + "/owned",
                        "json-patch",
                        "[{\"op\":\"copy\",\"from\":\"/metadata/ownerReferences/0\",\"path\":\"/metadata/ownerReferences/-\"}]")
                .is(200);
        assertThat(patched.json().path("metadata").path("ownerReferences")).hasSize(3);
        assertThat(patched.headers().first("Warning").orElseThrow())
                .contains("contains duplicate entries after mutating admission happens;")
                .endsWith("observed: u1\"");
    }
}
