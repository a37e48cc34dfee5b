package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.http.Headers;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Server-side apply and the owners of fields, as clients see them.
class ApplyTest {
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String WEB = DEPLOYMENTS + "/web";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, labels: {app: web}}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: c, image: nginx, ports: [{containerPort: 80}]}]}
            """;

    private Api api;

    @BeforeEach
    void start() {
        api = Api.withDefaultNamespace();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Api.Answer apply(String target, String manager, String yaml) {
        return send(target + "?fieldManager=" + manager, yaml);
    }

    private Api.Answer send(String target, String yaml) {
        return api.call(
                "PATCH",
                target,
                Headers.of("Content-Type", "application/apply-patch+yaml"),
                yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static String map(String name, String... data) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: {" + String.join(", ", data)
                + "}}";
    }

    private JsonNode owner(String target, String manager) {
        for (var entry : api.get(target).json().path("metadata").path("managedFields")) {
            if (entry.path("manager").asText().equals(manager)) {
                return entry;
            }
        }
        return Documents.object();
    }

    private String fields(String target, String manager) {
        return owner(target, manager).path("fieldsV1").toString();
    }

    @Test
    void createsWhatIsNotThere() {
        var created = apply(WEB, "me", DEPLOYMENT).is(201);
        assertThat(created.at("spec.strategy.type")).isEqualTo("RollingUpdate");
        assertThat(created.at("metadata.generation")).isEqualTo("1");
        var entry = owner(WEB, "me");
        assertThat(entry.path("operation").asText()).isEqualTo("Apply");
        assertThat(entry.path("apiVersion").asText()).isEqualTo("apps/v1");
        assertThat(entry.path("fieldsType").asText()).isEqualTo("FieldsV1");
        assertThat(entry.path("time").asText()).isNotEmpty();
        assertThat(entry.path("fieldsV1").toString()).isEqualTo("""
                {"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{\
                "f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:containers":{"k:{\\"name\\":\\"c\\"}":{".":{},\
                "f:image":{},"f:name":{},"f:ports":{"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},\
                "f:containerPort":{}}}}}}}}}""");
    }

    @Test
    void ownsWhatAnUpdateChanged() {
        api.call(
                        "POST",
                        DEPLOYMENTS,
                        Headers.of("Content-Type", "application/yaml", "User-Agent", "kubectl/v1.34.0 (linux/amd64)"),
                        DEPLOYMENT.getBytes(StandardCharsets.UTF_8))
                .is(201);
        var entry = owner(WEB, "kubectl");
        assertThat(entry.path("operation").asText()).isEqualTo("Update");
        assertThat(entry.path("fieldsV1").toString()).isEqualTo("""
                {"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:progressDeadlineSeconds":{},\
                "f:replicas":{},"f:revisionHistoryLimit":{},"f:selector":{},"f:strategy":{"f:rollingUpdate":{".":{},\
                "f:maxSurge":{},"f:maxUnavailable":{}},"f:type":{}},"f:template":{"f:metadata":{"f:labels":{".":{},\
                "f:app":{}}},"f:spec":{"f:containers":{"k:{\\"name\\":\\"c\\"}":{".":{},"f:image":{},\
                "f:imagePullPolicy":{},"f:name":{},"f:ports":{".":{},"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"\
                }":{".":{},"f:containerPort":{},"f:protocol":{}}},"f:resources":{},"f:terminationMessagePath":{},\
                "f:terminationMessagePolicy":{}}},"f:dnsPolicy":{},"f:restartPolicy":{},"f:schedulerName":{},\
                "f:securityContext":{},"f:terminationGracePeriodSeconds":{}}}}}""");
        api.patch(WEB + "?fieldManager=scaler", "merge-patch", "{\"spec\":{\"replicas\":3}}")
                .is(200);
        assertThat(fields(WEB, "scaler")).isEqualTo("{\"f:spec\":{\"f:replicas\":{}}}");
        assertThat(fields(WEB, "kubectl")).doesNotContain("f:replicas");
    }

    @Test
    void refusesToTakeWhatOthersOwn() {
        apply(WEB, "one", DEPLOYMENT).is(201);
        var refused = apply(WEB, "two", DEPLOYMENT.replace("replicas: 2", "replicas: 5"))
                .is(409);
        assertThat(refused.at("reason")).isEqualTo("Conflict");
        assertThat(refused.at("message"))
                .isEqualTo("Apply failed with 1 conflict: conflict with \"one\": .spec.replicas");
        assertThat(refused.at("details.causes.0.reason")).isEqualTo("FieldManagerConflict");
        assertThat(refused.at("details.causes.0.message")).isEqualTo("conflict with \"one\"");
        assertThat(refused.at("details.causes.0.field")).isEqualTo(".spec.replicas");
    }

    @Test
    void namesEveryOwnerAndFieldInConflict() {
        apply(WEB, "one", DEPLOYMENT).is(201);
        api.patch(WEB + "?fieldManager=scaler", "merge-patch", "{\"spec\":{\"replicas\":3}}")
                .is(200);
        var refused = apply(
                        WEB,
                        "two",
                        DEPLOYMENT.replace("replicas: 2", "replicas: 5").replace("nginx", "apache"))
                .is(409);
        assertThat(refused.at("message")).isEqualTo("""
                Apply failed with 2 conflicts: conflicts with "one":
                - .spec.template.spec.containers[name="c"].image
                conflicts with "scaler" using apps/v1:
                - .spec.replicas""");
    }

    @Test
    void takesByForce() {
        apply(WEB, "one", DEPLOYMENT).is(201);
        var forced = send(WEB + "?fieldManager=two&force=true", DEPLOYMENT.replace("replicas: 2", "replicas: 5"))
                .is(200);
        assertThat(forced.at("spec.replicas")).isEqualTo("5");
        assertThat(forced.at("metadata.generation")).isEqualTo("2");
        assertThat(fields(WEB, "one")).doesNotContain("f:replicas").contains("f:image");
        assertThat(fields(WEB, "two")).contains("f:replicas").contains("f:image");
    }

    @Test
    void removesWhatItsOnlyOwnerGaveUp() {
        apply(MAPS + "/m", "one", map("m", "a: x", "b: x")).is(201);
        apply(MAPS + "/m", "two", map("m", "b: x", "c: x")).is(200);
        var left = apply(MAPS + "/m", "one", map("m", "d: x")).is(200);
        assertThat(left.at("data")).isEqualTo("{\"b\":\"x\",\"c\":\"x\",\"d\":\"x\"}");
        assertThat(fields(MAPS + "/m", "one")).isEqualTo("{\"f:data\":{\"f:d\":{}}}");
    }

    @Test
    void givesDefaultsBackWhenAFieldIsGivenUp() {
        apply(WEB, "one", DEPLOYMENT).is(201);
        var left = apply(WEB, "one", DEPLOYMENT.replace("replicas: 2", "")).is(200);
        assertThat(left.at("spec.replicas")).isEqualTo("1");
    }

    @Test
    void keepsVersionAndTimeWhenNothingChanges() {
        var first = apply(WEB, "one", DEPLOYMENT).is(201);
        api.time.advance(Duration.ofMinutes(5));
        var again = apply(WEB, "one", DEPLOYMENT).is(200);
        assertThat(again.at("metadata.resourceVersion")).isEqualTo(first.at("metadata.resourceVersion"));
        assertThat(again.at("metadata.managedFields")).isEqualTo(first.at("metadata.managedFields"));
        api.patch(WEB + "?fieldManager=one", "merge-patch", "{\"spec\":{\"replicas\":2}}")
                .is(200);
        assertThat(api.get(WEB).at("metadata.resourceVersion")).isEqualTo(first.at("metadata.resourceVersion"));
    }

    @Test
    void remembersWhatWasThereBeforeTheFirstApply() {
        api.post(MAPS, map("m", "a: x")).is(201);
        api.patch(MAPS + "/m", "merge-patch", "{\"metadata\":{\"managedFields\":[{}]}}")
                .is(200);
        assertThat(api.get(MAPS + "/m").at("metadata.managedFields")).isEmpty();
        apply(MAPS + "/m", "me", map("m", "b: x")).is(200);
        assertThat(fields(MAPS + "/m", "before-first-apply")).isEqualTo("{\"f:data\":{\".\":{},\"f:a\":{}}}");
        assertThat(fields(MAPS + "/m", "me")).isEqualTo("{\"f:data\":{\"f:b\":{}}}");
    }

    @Test
    void takesOverFromClientSideApply() {
        var lastApplied =
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"},\"data\":{\"a\":\"x\"}}";
        api.post(
                        MAPS + "?fieldManager=kubectl-client-side-apply",
                        "{metadata: {name: m, annotations: {kubectl.kubernetes.io/last-applied-configuration: '"
                                + lastApplied + "\n'}}, data: {a: x}}")
                .is(201);
        assertThat(apply(MAPS + "/m", "other", map("m", "a: z")).status()).isEqualTo(409);
        var taken = apply(MAPS + "/m", "kubectl", map("m", "a: z")).is(200);
        assertThat(taken.at("data.a")).isEqualTo("z");
        assertThat(taken.at("metadata.annotations.kubectl\\.kubernetes\\.io/last-applied-configuration"))
                .isEqualTo(lastApplied
                                .replace("\"x\"", "\"z\"")
                                .replace(
                                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",",
                                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",")
                        + "\n");
    }

    @Test
    void ownsTheStatusThroughItsSubresource() {
        apply(WEB, "me", DEPLOYMENT + "status: {replicas: 9}\n").is(201);
        assertThat(fields(WEB, "me")).doesNotContain("f:status");
        apply(
                        WEB + "/status",
                        "controller",
                        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 9}, status:"
                                + " {replicas: 2, observedGeneration: 1}}")
                .is(200);
        var entry = owner(WEB, "controller");
        assertThat(entry.path("subresource").asText()).isEqualTo("status");
        assertThat(entry.path("fieldsV1").toString())
                .isEqualTo("{\"f:status\":{\"f:observedGeneration\":{},\"f:replicas\":{}}}");
        assertThat(api.get(WEB).at("status.replicas")).isEqualTo("2");
        assertThat(api.get(WEB).at("spec.replicas")).isEqualTo("2");
        apply(DEPLOYMENTS + "/none/status", "me", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: none}}")
                .is(404);
    }

    @Test
    void ownsNoMetadataThatAStatusCannotChange() {
        apply(WEB, "me", DEPLOYMENT).is(201);
        apply(
                        WEB + "/status",
                        "controller",
                        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {x: a}, annotations:"
                                + " {note: b}}, status: {replicas: 2}}")
                .is(200);
        assertThat(api.get(WEB).at("metadata.annotations.note")).isEqualTo("b");
        assertThat(api.get(WEB).at("metadata.labels.x")).isEmpty();
        assertThat(owner(WEB, "controller").path("fieldsV1").toString())
                .isEqualTo("{\"f:metadata\":{\"f:annotations\":{\"f:note\":{}}},\"f:status\":{\"f:replicas\":{}}}");
    }

    @Test
    void ownsTheReplicasThroughScale() {
        apply(WEB, "me", DEPLOYMENT).is(201);
        var scale = "{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: web}, spec: {replicas: 7}}";
        assertThat(apply(WEB + "/scale", "hpa", scale).is(409).at("message"))
                .isEqualTo("Apply failed with 1 conflict: conflict with \"me\": .spec.replicas");
        assertThat(send(WEB + "/scale?fieldManager=hpa&force=true", scale)
                        .is(200)
                        .at("spec.replicas"))
                .isEqualTo("7");
        var entry = owner(WEB, "hpa");
        assertThat(entry.path("subresource").asText()).isEqualTo("scale");
        assertThat(entry.path("apiVersion").asText()).isEqualTo("apps/v1");
        assertThat(entry.path("fieldsV1").toString()).isEqualTo("{\"f:spec\":{\"f:replicas\":{}}}");
        assertThat(fields(WEB, "me")).doesNotContain("f:replicas");
        api.put(WEB + "/scale?fieldManager=old", scale.replace("7", "8")).is(200);
        assertThat(apply(WEB + "/scale", "hpa", scale).is(409).at("message"))
                .isEqualTo("Apply failed with 1 conflict: conflict with \"old\" with subresource \"scale\" using"
                        + " autoscaling/v1: .spec.replicas");
    }

    @Test
    void joinsTheOldestUpdaters() {
        api.post(MAPS + "?fieldManager=m00", map("m", "k00: x")).is(201);
        for (int i = 1; i <= 11; i++) {
            api.time.advance(Duration.ofSeconds(10));
            api.patch(
                            MAPS + "/m?fieldManager=m%02d".formatted(i),
                            "merge-patch",
                            "{\"data\":{\"k%02d\":\"x\"}}".formatted(i))
                    .is(200);
        }
        var entries = api.get(MAPS + "/m").json().path("metadata").path("managedFields");
        assertThat(entries).hasSize(10);
        assertThat(entries.get(0).path("manager").asText()).isEqualTo("ancient-changes");
        assertThat(entries.get(0).path("fieldsV1").toString())
                .isEqualTo("{\"f:data\":{\".\":{},\"f:k00\":{},\"f:k01\":{},\"f:k02\":{}}}");
    }

    @Test
    void saysWhatIsWrongWithAConfiguration() {
        assertThat(apply(WEB, "me", DEPLOYMENT.replace("replicas: 2", "replicaz: 2"))
                        .is(500)
                        .at("message"))
                .isEqualTo("failed to create typed patch object (default/web; apps/v1, Kind=Deployment):"
                        + " .spec.replicaz: field not declared in schema");
        assertThat(apply(WEB, "me", DEPLOYMENT.replace("replicas: 2", "replicas: two"))
                        .is(500)
                        .at("message"))
                .endsWith(".spec.replicas: expected numeric (int or float), got string");
        assertThat(apply(WEB, "me", DEPLOYMENT.replace("name: c, ", "")).is(500).at("message"))
                .endsWith(".spec.template.spec.containers: element 0: associative list with keys has an element that"
                        + " omits key field \"name\" (and doesn't have default value)");
        assertThat(apply(WEB, "me", "{metadata: {name: web}}").is(400).at("message"))
                .isEqualTo("invalid object type: /, Kind=");
        assertThat(apply(WEB, "me", DEPLOYMENT.replace("apps/v1", "apps/v1beta1"))
                        .is(400)
                        .at("message"))
                .isEqualTo("invalid object type: apps/v1beta1, Kind=Deployment");
        assertThat(apply(WEB, "me", DEPLOYMENT.replace("{name: web,", "{name: web, managedFields: [],"))
                        .is(400)
                        .at("message"))
                .isEqualTo("metadata.managedFields must be nil");
        assertThat(apply(WEB, "me", DEPLOYMENT.replace("{name: web,", "{name: other,"))
                        .is(400)
                        .at("message"))
                .isEqualTo("the name of the object (other) does not match the name on the URL (web)");
    }

    @Test
    void checksTheQuery() {
        assertThat(send(WEB, DEPLOYMENT).is(422).at("message"))
                .isEqualTo("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for"
                        + " apply patch");
        api.post(MAPS, map("m", "a: x")).is(201);
        assertThat(api.patch(MAPS + "/m?force=true", "merge-patch", "{}")
                        .is(422)
                        .at("message"))
                .isEqualTo("PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for"
                        + " non-apply patch");
        assertThat(api.patch(MAPS + "/m?fieldManager=" + "x".repeat(129), "merge-patch", "{}")
                        .is(422)
                        .at("message"))
                .isEqualTo("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: may not be more than 128"
                        + " bytes");
        assertThat(api.post(MAPS + "?fieldValidation=No", map("n")).is(422).at("message"))
                .isEqualTo("CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"No\":"
                        + " supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"");
    }

    @Test
    void insistsOnVersionAndUid() {
        assertThat(apply(MAPS + "/m", "me", "{apiVersion: v1, kind: ConfigMap, metadata: {name: m, uid: u}}")
                        .is(409)
                        .at("message"))
                .isEqualTo("Operation cannot be fulfilled on configmaps \"m\": uid mismatch: the provided object"
                        + " specified uid u, and no existing object was found");
        apply(MAPS + "/m", "me", map("m", "a: x")).is(201);
        apply(
                        MAPS + "/m",
                        "me",
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: m, resourceVersion: '1'}, data: {a: z}}")
                .is(409);
    }

    @Test
    void changesNothingInADryRun() {
        assertThat(send(WEB + "?fieldManager=me&dryRun=All", DEPLOYMENT).is(201).at("metadata.name"))
                .isEqualTo("web");
        api.get(WEB).is(404);
        apply(MAPS + "/m", "me", map("m", "a: x")).is(201);
        send(MAPS + "/m?fieldManager=me&dryRun=All", map("m", "a: z")).is(200);
        assertThat(api.get(MAPS + "/m").at("data.a")).isEqualTo("x");
    }
}
