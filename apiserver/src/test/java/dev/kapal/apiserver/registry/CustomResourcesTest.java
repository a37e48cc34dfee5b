package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.http.Headers;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.store.MemoryStore;
import dev.kapal.store.Range;
import dev.kapal.store.Store;
import dev.kapal.testkit.Conformance;
import dev.kapal.testkit.FakeTime;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CustomResourcesTest {
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String TABS = "/apis/stable.example.com/v1/namespaces/default/crontabs";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private static final String CRONTAB = """
            metadata: {name: crontabs.stable.example.com}
            spec:
              group: stable.example.com
              scope: Namespaced
              names: {plural: crontabs, kind: CronTab, shortNames: [ct], categories: [all]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources:
                  status: {}
                  scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.labelSelector}
                selectableFields: [{jsonPath: .spec.color}]
                additionalPrinterColumns:
                - {name: Spec, type: string, jsonPath: .spec.cronSpec, description: The cron spec}
                - {name: Replicas, type: integer, jsonPath: .spec.replicas}
                - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
                schema:
                  openAPIV3Schema:
                    type: object
                    required: [spec]
                    properties:
                      spec:
                        type: object
                        required: [cronSpec]
                        x-kubernetes-validations:
                        - rule: "!has(self.minReplicas) || self.minReplicas <= self.replicas"
                          message: replicas should not be below minReplicas
                          fieldPath: .replicas
                        - rule: "!has(oldSelf.image) || self.image == oldSelf.image"
                          messageExpression: "'image is ' + oldSelf.image"
                          reason: FieldValueForbidden
                        properties:
                          cronSpec: {type: string, pattern: '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$', maxLength: 20}
                          image: {type: string}
                          replicas: {type: integer, minimum: 1, maximum: 10, default: 1}
                          minReplicas: {type: integer}
                          color: {type: string, enum: [red, green]}
                          tags: {type: array, x-kubernetes-list-type: set, items: {type: string}, maxItems: 3}
                          ports:
                            type: array
                            x-kubernetes-list-type: map
                            x-kubernetes-list-map-keys: [name]
                            items:
                              type: object
                              required: [name]
                              properties: {name: {type: string}, port: {x-kubernetes-int-or-string: true}}
                          free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                          template: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
                          when: {type: string, format: date-time}
                          nothing: {type: string, nullable: true}
                      status: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """;

    private Api api;

    @BeforeEach
    void start() {
        api = new Api(ResourceRegistry.builtIn(), MemoryStore.open(), new FakeTime()).addDefaultNamespace();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void define(String yaml) {
        var name = api.post(CRDS, yaml).is(201).at("metadata.name");
        establish(name);
    }

    private void establish(String name) {
        try (var watch = api.watch(CRDS + "?watch=1&fieldSelector=metadata.name%3D" + name)) {
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
    void aFinalizerThatCouldBeSomebodyElsesIsWarnedOfOnce() {
        define(CRONTAB);
        var warning = "299 - \"metadata.finalizers: \\\"mine.example.com\\\": prefer a domain-qualified finalizer name"
                + " including a path (/) to avoid accidental conflicts with other finalizer writers\"";
        var created = api.post(
                        TABS,
                        "{metadata: {name: f, finalizers: [mine.example.com, example.com/mine, orphan]},"
                                + " spec: {cronSpec: '* * * * *'}}")
                .is(201);
        assertThat(created.headers().all("Warning")).containsExactly(warning);

        var relabeled = api.patch(TABS + "/f", "merge-patch", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}")
                .is(200);
        assertThat(relabeled.headers().all("Warning")).isEmpty();
    }

    private static String tab(String name, String spec) {
        return "{metadata: {name: " + name + "}, spec: " + spec + "}";
    }

    @Test
    @Conformance({"api-crd-create-delete", "api-crd-watch-events"})
    void aDefinitionIsServedAndGoesWithItsObjects() {
        define(CRONTAB);
        var crd = api.get(CRDS + "/crontabs.stable.example.com").is(200);
        assertThat(crd.at("status.acceptedNames.singular")).isEqualTo("crontab");
        assertThat(crd.at("status.acceptedNames.listKind")).isEqualTo("CronTabList");
        assertThat(crd.at("status.storedVersions")).isEqualTo("[\"v1\"]");
        assertThat(crd.at("spec.conversion.strategy")).isEqualTo("None");
        assertThat(crd.at("status.conditions.0.reason")).isEqualTo("NoConflicts");
        assertThat(crd.at("status.conditions.1.reason")).isEqualTo("InitialNamesAccepted");
        var created = api.post(TABS, tab("a", "{cronSpec: '* * * * */5', unknown: 1}"))
                .is(201);
        assertThat(created.at("spec")).isEqualTo("{\"cronSpec\":\"* * * * */5\",\"replicas\":1}");
        assertThat(created.at("metadata.generation")).isEqualTo("1");
        assertThat(created.headers().all("Warning")).containsExactly("299 - \"unknown field \\\"spec.unknown\\\"\"");
        try (var objects = api.watch(TABS + "?watch=1");
                var definitions = api.watch(CRDS + "?watch=1")) {
            assertThat(objects.brief()).isEqualTo("ADDED a");
            assertThat(definitions.brief()).startsWith("ADDED");
            api.delete(CRDS + "/crontabs.stable.example.com").is(200);
            assertThat(objects.brief()).isEqualTo("DELETED a");
            while (!definitions.next().path("type").asText().equals("DELETED")) {
                continue;
            }
        }
        api.get(CRDS + "/crontabs.stable.example.com").is(404);
    }

    @Test
    void whatTheSchemaForbidsIsRefusedInUpstreamsWords() {
        define(CRONTAB);
        refused(
                "{replicas: 11}",
                "spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10");
        refused(
                "{replicas: 0}",
                "spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1");
        refused(
                "{replicas: 'a'}",
                "spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type integer: \"string\"");
        refused("{color: blue}", "spec.color: Unsupported value: \"blue\": supported values: \"red\", \"green\"");
        refused("{tags: [a, a]}", "spec.tags[1]: Duplicate value: \"a\"");
        refused("{tags: [a, b, c, d]}", "spec.tags: Too many: 4: must have at most 3 items");
        refused("{ports: [{name: a}, {name: a}]}", "spec.ports[1]: Duplicate value: {\"name\":\"a\"}");
        refused("{ports: [{port: 1}]}", "spec.ports[0].name: Required value");
        refused(
                "{when: never}",
                "spec.when: Invalid value: \"never\": spec.when in body must be of type date-time: \"never\"");
        refused("{template: {metadata: {name: x}}}", "spec.template.apiVersion: Required value: must not be empty");
        refused(
                "{minReplicas: 5}",
                "spec.replicas: Invalid value: \"object\": replicas should not be below minReplicas");
        assertThat(api.post(TABS, tab("a", "{cronSpec: x}")).is(422).at("message"))
                .contains(
                        "spec.cronSpec: Invalid value: \"x\": spec.cronSpec in body should match '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$'");
        assertThat(api.post(TABS, "{metadata: {name: a}}").is(422).at("message"))
                .isEqualTo(
                        "CronTab.stable.example.com \"a\" is invalid: [spec: Required value, <nil>: Invalid value: null: some"
                                + " validation rules were not checked because the object was invalid; correct the existing errors to"
                                + " complete validation]");
    }

    private void refused(String spec, String problem) {
        var whole = spec.replace("{", "{cronSpec: '* * * * *', ")
                .replace("[{cronSpec: '* * * * *', ", "[{")
                .replace(": {cronSpec: '* * * * *', ", ": {")
                .replace(", {cronSpec: '* * * * *', ", ", {");
        assertThat(api.post(TABS, tab("a", whole)).is(422).at("message")).contains(problem);
    }

    @Test
    void valuesKeepWhatATypedObjectWouldLose() {
        define(CRONTAB);
        var created = api.post(
                        TABS,
                        tab(
                                "a",
                                "{cronSpec: '* * * * *', tags: [], nothing: null, image: null, free: {a: {b: 1}, x: null},"
                                        + " template: {apiVersion: v1, kind: Pod, metadata: {name: x, labels: {a: b}, nonsense: 1}, more: 1}}"))
                .is(201);
        assertThat(created.at("spec.tags")).isEqualTo("[]");
        assertThat(created.at("spec.free")).isEqualTo("{\"a\":{\"b\":1},\"x\":null}");
        assertThat(created.json().path("spec").has("nothing")).isTrue();
        assertThat(created.json().path("spec").has("image")).isFalse();
        assertThat(created.at("spec.template.metadata")).isEqualTo("{\"name\":\"x\",\"labels\":{\"a\":\"b\"}}");
        assertThat(created.at("spec.template.more")).isEqualTo("1");
    }

    @Test
    @Conformance({
        "api-field-validation-cr-extra-with-schema",
        "api-field-validation-cr-valid-with-schema",
        "api-field-validation-cr-duplicates",
        "api-field-validation-cr-unknown-metadata"
    })
    void strictRequestsHearOfEveryUnknownAndDoubleField() {
        define(CRONTAB);
        var strict = TABS + "?fieldValidation=Strict";
        api.post(strict, tab("ok", "{cronSpec: '* * * * *'}")).is(201);
        assertThat(api.post(strict, tab("a", "{cronSpec: '* * * * *', nonsense: 1}"))
                        .is(400)
                        .at("message"))
                .contains("strict decoding error: unknown field \"spec.nonsense\"");
        assertThat(api.post(
                                strict,
                                "{metadata: {name: a, nonsense: 1}, spec: {cronSpec: '* * * * *', template: {apiVersion: v1,"
                                        + " kind: Pod, metadata: {nonsense: 2}}}}")
                        .is(400)
                        .at("message"))
                .contains("unknown field \"metadata.nonsense\"", "unknown field \"spec.template.metadata.nonsense\"");
        var twice = "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"cronSpec\":\"* * * * *\",\"free\":{\"x\":1,\"x\":2}}}";
        assertThat(new String(
                        api.call(
                                        "POST",
                                        strict,
                                        Headers.of("Content-Type", "application/json"),
                                        twice.getBytes(StandardCharsets.UTF_8))
                                .is(400)
                                .body(),
                        StandardCharsets.UTF_8))
                .contains("duplicate field \\\"spec.free.x\\\"");
    }

    @Test
    void rulesCompareWithWhatWasThere() {
        define(CRONTAB);
        api.post(TABS, tab("a", "{cronSpec: '* * * * *', image: one}")).is(201);
        assertThat(api.patch(TABS + "/a", "merge-patch", "{\"spec\":{\"image\":\"two\"}}")
                        .is(422)
                        .at("message"))
                .isEqualTo("CronTab.stable.example.com \"a\" is invalid: spec: Forbidden: image is one");
        api.patch(TABS + "/a", "strategic-merge-patch", "{}").is(415);
    }

    @Test
    void statusAndScaleAreKeptApart() {
        define(CRONTAB);
        var created = api.post(TABS, "{metadata: {name: a}, spec: {cronSpec: '* * * * *'}, status: {x: 1}}")
                .is(201);
        assertThat(created.json().has("status")).isFalse();
        var patched = api.patch(
                        TABS + "/a/status",
                        "merge-patch",
                        "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"replicas\":9},\"status\":{\"replicas\":2,\"labelSelector\":\"a=b\"}}")
                .is(200);
        assertThat(patched.at("spec.replicas")).isEqualTo("1");
        assertThat(patched.at("status.replicas")).isEqualTo("2");
        assertThat(patched.at("metadata.labels")).isEmpty();
        assertThat(patched.at("metadata.generation")).isEqualTo("1");
        var scale = api.get(TABS + "/a/scale").is(200);
        assertThat(scale.at("spec.replicas") + scale.at("status.replicas") + scale.at("status.selector"))
                .isEqualTo("12a=b");
        api.patch(TABS + "/a/scale", "merge-patch", "{\"spec\":{\"replicas\":4}}")
                .is(200);
        assertThat(api.get(TABS + "/a").at("spec.replicas")).isEqualTo("4");
        assertThat(api.get(TABS + "/a").at("metadata.generation")).isEqualTo("2");
        assertThat(api.patch(TABS + "/a/scale", "merge-patch", "{\"spec\":{\"replicas\":11}}")
                        .is(422)
                        .at("message"))
                .contains("should be less than or equal to 10");
    }

    @Test
    void columnsAndSelectableFieldsAreThoseOfTheDefinition() {
        define(CRONTAB);
        api.post(TABS, tab("a", "{cronSpec: '* * * * *', color: red}")).is(201);
        api.post(TABS, tab("b", "{cronSpec: '1 * * * *', color: green}")).is(201);
        var table = api.get(TABS, TABLE).is(200);
        assertThat(table.at("columnDefinitions.1.name") + table.at("columnDefinitions.2.type"))
                .isEqualTo("Specinteger");
        assertThat(table.at("rows.0.cells")).isEqualTo("[\"a\",\"* * * * *\",1,\"0s\"]");
        var red = api.get(TABS + "?fieldSelector=spec.color%3Dred").is(200);
        assertThat(red.at("items.0.metadata.name")).isEqualTo("a");
        assertThat(red.json().path("items")).hasSize(1);
        assertThat(api.get(TABS + "?fieldSelector=spec.image%3Dx").is(400).at("message"))
                .isEqualTo("field label not supported: spec.image");
    }

    @Test
    void theReplicasMayStandAnywhere() {
        define(PLAIN.replace(
                        "storage: true,",
                        "storage: true, subresources: {scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}},")
                .replace("{a: {type: string}, b:", "{spec: {type: object, properties: {size: {type: integer}}}, b:"));
        var one = "/apis/example.com/v1/things/one";
        api.post("/apis/example.com/v1/things", "{metadata: {name: one}, spec: {size: 1}}")
                .is(201);
        assertThat(api.patch(one + "/scale", "merge-patch", "{\"spec\":{\"replicas\":4}}")
                        .is(200)
                        .at("spec.replicas"))
                .isEqualTo("4");
        assertThat(api.get(one).at("spec")).isEqualTo("{\"size\":4}");
        var scale = "{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: one}, spec: {replicas: 5}}";
        api.put(one + "/scale?fieldManager=old", scale.replace("5", "6")).is(200);
        assertThat(apply(one + "/scale?fieldManager=hpa", scale).is(409).at("message"))
                .endsWith("using autoscaling/v1: .spec.replicas");
        apply(one + "/scale?fieldManager=hpa&force=true", scale).is(200);
        assertThat(api.get(one).at("spec")).isEqualTo("{\"size\":5}");
        assertThat(api.get(one).at("metadata.managedFields"))
                .contains("\"manager\":\"hpa\"")
                .contains("{\"f:spec\":{\"f:size\":{}}}");
    }

    @Test
    void objectsAreFollowedAndDeletedByTheirSelectableFields() {
        define(CRONTAB);
        var red = "fieldSelector=spec.color%3Dred";
        try (var watch = api.watch(TABS + "?watch=1&" + red)) {
            api.post(TABS, tab("a", "{cronSpec: '* * * * *', color: red}")).is(201);
            api.post(TABS, tab("b", "{cronSpec: '* * * * *', color: green}")).is(201);
            api.patch(TABS + "/b", "merge-patch", "{\"spec\":{\"color\":\"red\"}}")
                    .is(200);
            api.patch(TABS + "/a", "merge-patch", "{\"spec\":{\"color\":\"green\"}}")
                    .is(200);
            assertThat(watch.brief()).isEqualTo("ADDED a");
            assertThat(watch.brief()).isEqualTo("ADDED b");
            assertThat(watch.brief()).isEqualTo("DELETED a");
        }
        api.delete(TABS + "?" + red).is(200);
        assertThat(api.get(TABS).at("items.0.metadata.name")).isEqualTo("a");
        assertThat(api.get(TABS).json().path("items")).hasSize(1);
        assertThat(api.delete(TABS + "?fieldSelector=spec.image%3Dx").is(400).at("message"))
                .isEqualTo("field label not supported: spec.image");
    }

    @Test
    void formatsThatMeanNothingAreToldOnce() {
        var odd =
                PLAIN.replace("a: {type: string}", "a: {type: string, format: odd}, n: {type: integer, format: int32}");
        var created = api.post(CRDS, odd).is(201);
        assertThat(created.headers().all("Warning")).containsExactly("299 - \"unrecognized format \\\"odd\\\"\"");
        establish("things.example.com");
        var properties = "/spec/versions/0/schema/openAPIV3Schema/properties";
        var changed = api.patch(
                        CRDS + "/things.example.com",
                        "json-patch",
                        "[{\"op\":\"add\",\"path\":\"" + properties + "/b/format\",\"value\":\"odder\"}]")
                .is(200);
        assertThat(changed.headers().all("Warning")).containsExactly("299 - \"unrecognized format \\\"odder\\\"\"");
    }

    @Test
    void objectsMoveToTheVersionThatIsStoredNow() {
        define(PLAIN.replace(
                "- {name: v1,",
                "- {name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object, properties: {a: {type: string}}}}}\n"
                        + "  - {name: v1,"));
        var crd = CRDS + "/things.example.com";
        var one = api.post("/apis/example.com/v1/things", "{metadata: {name: one}, a: x}")
                .is(201);
        changed("[{\"op\":\"replace\",\"path\":\"/spec/versions/0/storage\",\"value\":true},"
                + "{\"op\":\"replace\",\"path\":\"/spec/versions/1/storage\",\"value\":false}]");
        assertThat(api.get(crd).at("status.storedVersions")).isEqualTo("[\"v1\",\"v2\"]");
        var removal = "[{\"op\":\"remove\",\"path\":\"/spec/versions/1\"}]";
        assertThat(api.patch(crd, "json-patch", removal).is(422).at("message"))
                .contains("status.storedVersions[0]")
                .contains("missing from spec.versions; v1 was previously a storage version");
        var version = one.at("metadata.resourceVersion");
        try (var watch = api.watch("/apis/example.com/v2/things?watch=1&resourceVersion=" + version)) {
            assertThat(watch.brief()).as("the one that rewrites it").isEqualTo("MODIFIED one");
        }
        assertThat(stored("/registry/example.com/things/")).contains("\"apiVersion\":\"example.com/v2\"");
        api.patch(crd + "/status", "merge-patch", "{\"status\":{\"storedVersions\":[\"v2\"]}}")
                .is(200);
        api.patch(crd, "json-patch", removal).is(200);
        assertThat(api.get("/apis/example.com/v2/things/one").is(200).at("a")).isEqualTo("x");
    }

    private String stored(String key) {
        return switch (api.store.range(Range.prefix(key), 0, 1)) {
            case Store.Read.Page page -> new String(page.entries().getFirst().value(), StandardCharsets.UTF_8);
            default -> throw new AssertionError("not in the store");
        };
    }

    private static final String PLAIN = """
            metadata: {name: things.example.com}
            spec:
              group: example.com
              scope: Cluster
              names: {plural: things, kind: Thing}
              versions:
              - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {a: {type: string}, b: {type: string}}}}}
            """;

    @Test
    @Conformance("api-crd-defaulting")
    void defaultsOfALaterSchemaShowOnWhatIsStored() {
        define(PLAIN);
        var things = "/apis/example.com/v1/things";
        api.post(things, "{metadata: {name: one}}").is(201);
        var properties = "/spec/versions/0/schema/openAPIV3Schema/properties";
        changed("[{\"op\":\"add\",\"path\":\"" + properties + "/a/default\",\"value\":\"A\"}]");
        assertThat(api.get(things + "/one").at("a")).isEqualTo("A");
        assertThat(api.post(things, "{metadata: {name: two}}").is(201).at("a")).isEqualTo("A");
        changed("[{\"op\":\"remove\",\"path\":\"" + properties + "/a/default\"}," + "{\"op\":\"add\",\"path\":\""
                + properties + "/b/default\",\"value\":\"B\"}]");
        var one = api.get(things + "/one");
        assertThat(one.at("a") + one.at("b")).isEqualTo("B");
        var two = api.get(things).at("items.1");
        assertThat(two).contains("\"a\":\"A\"", "\"b\":\"B\"");
    }

    /// Patches the plain definition, and waits until that is in force.
    private void changed(String patch) {
        try (var watch = api.watch("/apis/example.com/v1/things?watch=1")) {
            api.patch(CRDS + "/things.example.com", "json-patch", patch).is(200);
            while (!watch.hasEnded()) {
                continue;
            }
        }
    }

    @Test
    void versionsWithoutAConversionDifferInTheirNameOnly() {
        define(PLAIN.replace(
                "- {name: v1",
                "- {name: v1beta1, served: true, storage: false, deprecated: true, schema:"
                        + " {openAPIV3Schema: {type: object, properties: {a: {type: string}}}}}\n  - {name: v1"));
        var created = api.post("/apis/example.com/v1beta1/things", "{metadata: {name: x}, a: one}")
                .is(201);
        assertThat(created.at("apiVersion")).isEqualTo("example.com/v1beta1");
        assertThat(created.headers().all("Warning"))
                .containsExactly("299 - \"example.com/v1beta1 Thing is deprecated\"");
        assertThat(api.get("/apis/example.com/v1/things/x").at("apiVersion")).isEqualTo("example.com/v1");
        assertThat(api.get("/apis/example.com/v1/things").at("items.0.a")).isEqualTo("one");
    }

    @Test
    void namesThatAreTakenAreNotAccepted() {
        define(PLAIN);
        api.post(
                        CRDS,
                        PLAIN.replace("things.example.com", "others.example.com")
                                .replace("plural: things", "plural: others"))
                .is(201);
        try (var watch = api.watch(CRDS + "?watch=1&fieldSelector=metadata.name%3Dothers.example.com")) {
            String conditions;
            do {
                conditions = watch.next()
                        .path("object")
                        .path("status")
                        .path("conditions")
                        .toString();
            } while (!conditions.contains("NamesAccepted"));
            assertThat(conditions)
                    .contains("\"reason\":\"ListKindConflict\",\"message\":\"\\\"ThingList\\\" is already in use\"")
                    .contains("\"reason\":\"NotAccepted\",\"message\":\"not all names are accepted\"");
        }
        api.get("/apis/example.com/v1/others").is(404);
        api.delete(CRDS + "/things.example.com").is(200);
        establish("others.example.com");
        api.get("/apis/example.com/v1/others").is(200);
    }

    @Test
    @Conformance("api-crd-status")
    void theStatusOfADefinitionCanBeChanged() {
        define(PLAIN);
        var path = CRDS + "/things.example.com/status";
        var status = api.get(path).is(200).json();
        assertThat(api.put(path, status).is(200).at("status.storedVersions")).isEqualTo("[\"v1\"]");
        var patched = api.patch(
                path,
                "merge-patch",
                "{\"status\":{\"conditions\":[{\"type\":\"X\",\"status\":\"True\",\"reason\":\"R\",\"message\":\"M\"}]}}");
        assertThat(patched.is(200).at("status.conditions")).contains("\"type\":\"X\"");
        assertThat(api.get(CRDS + "/things.example.com").at("status.conditions"))
                .contains("\"type\":\"X\"");
    }

    @Test
    @Conformance("api-crd-list")
    void definitionsAreListedAndDeletedByLabel() {
        for (int i = 0; i < 3; i++) {
            define(PLAIN.replace(
                            "name: things.example.com", "name: t" + i + ".example.com, labels: {k: '" + (i % 2) + "'}")
                    .replace("plural: things, kind: Thing", "plural: t" + i + ", kind: Thing" + i));
        }
        assertThat(api.get(CRDS + "?labelSelector=k%3D0").json().path("items")).hasSize(2);
        try (var watch = api.watch(CRDS + "?watch=1&labelSelector=k%3D0")) {
            api.delete(CRDS + "?labelSelector=k%3D0").is(200);
            for (int gone = 0; gone < 2; ) {
                gone += watch.next().path("type").asText().equals("DELETED") ? 1 : 0;
            }
        }
        assertThat(api.get(CRDS).json().path("items")).hasSize(1);
    }

    @Test
    void aServerThatStartsAgainServesWhatIsDefined() {
        define(CRONTAB);
        api.post(TABS, tab("a", "{cronSpec: '* * * * *'}")).is(201);
        try (var again = new Api(ResourceRegistry.builtIn(), api.store, new FakeTime())) {
            assertThat(again.get(TABS + "/a").is(200).at("spec.replicas")).isEqualTo("1");
        }
    }

    @Test
    void appliedListsAreMergedByTheirKeys() {
        define(CRONTAB);
        var apply = TABS + "/a?fieldManager=";
        var head = "{apiVersion: stable.example.com/v1, kind: CronTab, metadata: {name: a}, spec: {";
        apply(apply + "one", head + "cronSpec: '* * * * *', ports: [{name: x, port: 1}], tags: [t]}}")
                .is(201);
        var both = apply(apply + "two", head + "ports: [{name: z, port: 2}], tags: [u]}}")
                .is(200);
        assertThat(both.at("spec.ports")).isEqualTo("[{\"name\":\"x\",\"port\":1},{\"name\":\"z\",\"port\":2}]");
        assertThat(both.at("spec.tags")).isEqualTo("[\"t\",\"u\"]");
        assertThat(both.at("spec.replicas")).isEqualTo("1");
        apply(apply + "two", head + "cronSpec: '1 * * * *'}}").is(409);
        assertThat(apply(apply + "one", head + "cronSpec: '* * * * *'}}")
                        .is(200)
                        .at("spec.ports"))
                .isEqualTo("[{\"name\":\"z\",\"port\":2}]");
    }

    private Api.Answer apply(String target, String yaml) {
        return api.call(
                "PATCH",
                target,
                Headers.of("Content-Type", "application/apply-patch+yaml"),
                yaml.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatWasWrongBeforeMayStayWhileOtherThingsChange() {
        define(PLAIN);
        var things = "/apis/example.com/v1/things";
        api.post(things, "{metadata: {name: one}, a: long, b: x}").is(201);
        changed(
                "[{\"op\":\"add\",\"path\":\"/spec/versions/0/schema/openAPIV3Schema/properties/a/maxLength\",\"value\":2}]");
        api.patch(things + "/one", "merge-patch", "{\"b\":\"y\"}").is(200);
        api.patch(things + "/one", "merge-patch", "{\"a\":\"other\"}").is(422);
        api.patch(things + "/one", "merge-patch", "{\"a\":\"ok\"}").is(200);
    }

    @Test
    void selectableFieldsThatAreAddedLaterFindWhatIsThere() {
        define(PLAIN);
        var things = "/apis/example.com/v1/things";
        api.post(things, "{metadata: {name: one}, a: x}").is(201);
        api.post(things, "{metadata: {name: two}, a: z}").is(201);
        changed("[{\"op\":\"add\",\"path\":\"/spec/versions/0/selectableFields\",\"value\":[{\"jsonPath\":\".a\"}]}]");
        assertThat(api.get(things + "?fieldSelector=a%3Dz").is(200).at("items.0.metadata.name"))
                .isEqualTo("two");
    }

    @Test
    void nothingIsCreatedWhileAllIsBeingRemoved() {
        define(CRONTAB);
        api.post(TABS, "{metadata: {name: a, finalizers: [example.com/keep]}, spec: {cronSpec: '* * * * *'}}")
                .is(201);
        try (var watch = api.watch(TABS + "?watch=1")) {
            watch.brief();
            api.delete(CRDS + "/crontabs.stable.example.com").is(200);
            assertThat(watch.brief()).isEqualTo("MODIFIED a"); // marked
            var refused = api.post(TABS, tab("b", "{cronSpec: '* * * * *'}")).is(405);
            assertThat(refused.at("message"))
                    .isEqualTo("create not allowed while custom resource definition is terminating");
            api.patch(TABS + "/a", "merge-patch", "{\"metadata\":{\"finalizers\":null}}")
                    .is(200);
            assertThat(watch.brief()).isEqualTo("DELETED a");
        }
    }

    @Test
    void anUpdateNamesTheVersionThatItReplaces() {
        define(CRONTAB);
        api.post(TABS, tab("a", "{cronSpec: '* * * * *'}")).is(201);
        assertThat(api.put(TABS + "/a", "{metadata: {name: a}, spec: {cronSpec: '1 * * * *'}}")
                        .is(422)
                        .at("message"))
                .contains("metadata.resourceVersion: Invalid value: 0")
                .contains("must be specified for an update");
        var current = api.get(TABS + "/a").json();
        api.put(TABS + "/a", current).is(200);
        api.put(TABS + "/a/scale", "{metadata: {name: a}, spec: {replicas: 2}}").is(200);
        assertThat(api.get(TABS + "/a").at("spec.replicas")).isEqualTo("2");
    }

    @Test
    void bodiesInProtobufAreNotUnderstood() {
        define(CRONTAB);
        var protobuf = Headers.of("Content-Type", "application/vnd.kubernetes.protobuf");
        assertThat(api.call("POST", TABS, protobuf, new byte[] {'k', '8', 's', 0})
                        .is(415)
                        .at("message"))
                .contains("accepted media types include: application/json, application/yaml");
    }

    @Test
    void aDefinitionThatComesBackBeginsWithoutObjects() {
        for (int round = 0; round < 2; round++) {
            define(PLAIN);
            var things = "/apis/example.com/v1/things";
            assertThat(api.get(things).is(200).json().path("items")).isEmpty();
            api.post(things, "{metadata: {name: one}, a: x}").is(201);
            try (var watch = api.watch(CRDS + "?watch=1")) {
                api.delete(CRDS + "/things.example.com").is(200);
                while (!watch.next().path("type").asText().equals("DELETED")) {
                    continue;
                }
            }
        }
    }

    @Test
    void objectsOutlastATimeInWhichNoVersionIsServed() {
        define(PLAIN);
        var things = "/apis/example.com/v1/things";
        api.post(things, "{metadata: {name: one}, a: x}").is(201);
        changed("[{\"op\":\"replace\",\"path\":\"/spec/versions/0/served\",\"value\":false}]");
        api.get(things).is(404);
        api.patch(
                        CRDS + "/things.example.com",
                        "json-patch",
                        "[{\"op\":\"replace\",\"path\":\"/spec/versions/0/served\",\"value\":true}]")
                .is(200);
        while (api.get(things).status() != 200) {
            Thread.onSpinWait();
        }
        assertThat(api.get(things + "/one").is(200).at("a")).isEqualTo("x");
    }
}
