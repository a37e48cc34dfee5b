package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DeleteTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void answersWithAStatusThatNamesTheObject() {
        var uid = api.post(MAPS, "{metadata: {name: a}}").is(201).at("metadata.uid");

        var answer = api.delete(MAPS + "/a").is(200);

        assertThat(answer.json().toString())
                .isEqualTo("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\","
                        + "\"details\":{\"name\":\"a\",\"kind\":\"configmaps\",\"uid\":\"" + uid + "\"}}");
        api.get(MAPS + "/a").is(404);
    }

    @Test
    void waitsForFinalizers() {
        api.post(MAPS, "{metadata: {name: a, finalizers: [example.com/f]}}").is(201);

        var marked = api.delete(MAPS + "/a").is(200);
        assertThat(marked.at("metadata.deletionTimestamp")).isEqualTo("2025-01-01T00:00:00Z");
        assertThat(marked.at("metadata.deletionGracePeriodSeconds")).isEqualTo("0");

        var refusal = api.patch(
                        MAPS + "/a",
                        "json-patch",
                        "[{\"op\":\"add\",\"path\":\"/metadata/finalizers/-\",\"value\":\"x/y\"}]")
                .is(422);
        assertThat(refusal.at("message"))
                .isEqualTo("ConfigMap \"a\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added"
                        + " if the object is being deleted, found new finalizers []string{\"x/y\"}");

        api.patch(MAPS + "/a", "merge-patch", "{\"metadata\":{\"finalizers\":null}}")
                .is(200);
        api.get(MAPS + "/a").is(404);
    }

    @Test
    void checksPreconditions() {
        api.post(MAPS, "{metadata: {name: a}}").is(201);

        var refusal = api.delete(MAPS + "/a", "{\"preconditions\":{\"uid\":\"other\"}}")
                .is(409);

        assertThat(refusal.at("message"))
                .startsWith("Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (other)");
        api.delete(MAPS + "/a", "{\"preconditions\":{\"resourceVersion\":\"1\"}}")
                .is(409);
    }

    @Test
    void addsTheFinalizersOfGarbageCollection() {
        api.post(MAPS, "{metadata: {name: a}}").is(201);
        api.post(MAPS, "{metadata: {name: b}}").is(201);

        assertThat(api.delete(MAPS + "/a?propagationPolicy=Foreground").is(200).at("metadata.finalizers"))
                .isEqualTo("[\"foregroundDeletion\"]");
        assertThat(api.delete(MAPS + "/b", "{\"propagationPolicy\":\"Orphan\"}")
                        .is(200)
                        .at("metadata.finalizers"))
                .isEqualTo("[\"orphan\"]");
        assertThat(api.delete(MAPS + "/b", "{\"propagationPolicy\":\"Sideways\"}")
                        .is(422)
                        .at("message"))
                .contains("propagationPolicy: Unsupported value: \"Sideways\"");
    }

    @Test
    void givesABoundPodItsGracePeriod() {
        createPod("p");
        bind("p");

        var marked = api.delete(PODS + "/p").is(200);
        assertThat(marked.at("metadata.deletionTimestamp")).isEqualTo("2025-01-01T00:00:30Z");
        assertThat(marked.at("metadata.deletionGracePeriodSeconds")).isEqualTo("30");

        var shorter = api.delete(PODS + "/p?gracePeriodSeconds=5").is(200);
        assertThat(shorter.at("metadata.deletionTimestamp")).isEqualTo("2025-01-01T00:00:05Z");
        var longer = api.delete(PODS + "/p?gracePeriodSeconds=50").is(200);
        assertThat(longer.at("metadata.deletionGracePeriodSeconds")).isEqualTo("5");

        api.delete(PODS + "/p?gracePeriodSeconds=0").is(200);
        api.get(PODS + "/p").is(404);
    }

    @Test
    void removesAnUnboundPodAtOnce() {
        createPod("p");

        assertThat(api.delete(PODS + "/p").is(200).at("kind")).isEqualTo("Pod");
        api.get(PODS + "/p").is(404);
    }

    @Test
    void deletesNothingInADryRun() {
        api.post(MAPS, "{metadata: {name: a}}").is(201);

        api.delete(MAPS + "/a?dryRun=All").is(200);
        api.delete(MAPS + "/a", "{\"dryRun\":[\"All\"]}").is(200);

        api.get(MAPS + "/a").is(200);
    }

    @Test
    void deletesManyBySelector() {
        api.post(MAPS, "{metadata: {name: a, labels: {x: z}}}").is(201);
        api.post(MAPS, "{metadata: {name: b, labels: {x: z}}}").is(201);
        api.post(MAPS, "{metadata: {name: c}}").is(201);

        var deleted = api.delete(MAPS + "?labelSelector=x%3Dz").is(200);

        assertThat(deleted.at("kind")).isEqualTo("ConfigMapList");
        assertThat(deleted.json().path("items").size()).isEqualTo(2);
        assertThat(api.get(MAPS).at("items.0.metadata.name")).isEqualTo("c");
    }

    @Test
    void keepsANamespaceUntilItIsFinalized() {
        api.post("/api/v1/namespaces", "{metadata: {name: gone}}").is(201);

        var marked = api.delete("/api/v1/namespaces/gone").is(200);
        assertThat(marked.at("status.phase")).isEqualTo("Terminating");
        assertThat(marked.at("spec.finalizers")).isEqualTo("[\"kubernetes\"]");
        assertThat(marked.json().path("metadata").has("deletionGracePeriodSeconds"))
                .isFalse();

        var refusal = api.post("/api/v1/namespaces/gone/configmaps", "{metadata: {name: a}}")
                .is(403);
        assertThat(refusal.at("message"))
                .isEqualTo("configmaps \"a\" is forbidden: unable to create new content in namespace gone because it is"
                        + " being terminated");

        var namespace = api.get("/api/v1/namespaces/gone").json();
        namespace.withObject("/spec").remove("finalizers");
        api.put("/api/v1/namespaces/gone/finalize", namespace).is(200);
        api.get("/api/v1/namespaces/gone").is(404);
    }

    @Test
    void keepsTheSystemsNamespaces() {
        assertThat(api.delete("/api/v1/namespaces/default").is(403).at("message"))
                .isEqualTo("namespaces \"default\" is forbidden: this namespace may not be deleted");
    }

    @Test
    void evictsPods() {
        createPod("p");
        bind("p");

        var answer = api.post(PODS + "/p/eviction", "{apiVersion: policy/v1, kind: Eviction, metadata: {name: p}}");

        assertThat(answer.is(201).at("status")).isEqualTo("Success");
        var pod = api.get(PODS + "/p").is(200);
        assertThat(pod.at("metadata.deletionGracePeriodSeconds")).isEqualTo("30");
        assertThat(pod.at("status.conditions")).contains("\"reason\":\"EvictionByEvictionAPI\"");
    }

    @Test
    void bindsAPodOnce() {
        createPod("p");
        bind("p");

        var pod = api.get(PODS + "/p");
        assertThat(pod.at("spec.nodeName")).isEqualTo("n1");
        assertThat(pod.at("status.conditions")).contains("\"type\":\"PodScheduled\"");
        assertThat(api.post(PODS + "/p/binding", "{metadata: {name: p}, target: {kind: Node, name: n2}}")
                        .is(409)
                        .at("message"))
                .isEqualTo("Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node"
                        + " \"n1\"");
    }

    private void createPod(String name) {
        api.post(PODS, "{metadata: {name: " + name + "}, spec: {containers: [{name: c, image: i}]}}")
                .is(201);
    }

    private void bind(String pod) {
        api.post(PODS + "/" + pod + "/binding", "{metadata: {name: " + pod + "}, target: {kind: Node, name: n1}}")
                .is(201);
    }
}
