package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.testkit.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ListTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void listsInOrderOfNames() {
        create("b", "a", "c");

        var list = api.get(MAPS).is(200);

        assertThat(list.at("kind")).isEqualTo("ConfigMapList");
        assertThat(names(list)).containsExactly("a", "b", "c");
        assertThat(list.at("metadata")).isEqualTo("{\"resourceVersion\":\"" + api.store.revision() + "\"}");
    }

    @Test
    void listsOneNamespaceOrAll() {
        api.post("/api/v1/namespaces", "{metadata: {name: other}}").is(201);
        create("a");
        api.post("/api/v1/namespaces/other/configmaps", "{metadata: {name: b}}").is(201);

        assertThat(names(api.get(MAPS))).containsExactly("a");
        assertThat(names(api.get("/api/v1/configmaps"))).containsExactly("a", "b");
    }

    @Test
    void selectsByLabelsAndFields() {
        api.post(MAPS, "{metadata: {name: a, labels: {app: web}}}").is(201);
        api.post(MAPS, "{metadata: {name: b, labels: {app: db}}}").is(201);

        assertThat(names(api.get(MAPS + "?labelSelector=app%20in%20(web)"))).containsExactly("a");
        assertThat(names(api.get(MAPS + "?labelSelector=!app"))).isEmpty();
        assertThat(names(api.get(MAPS + "?fieldSelector=metadata.name%3Db"))).containsExactly("b");
        assertThat(names(api.get(MAPS + "?fieldSelector=metadata.name!%3Db"))).containsExactly("a");
    }

    @Test
    void refusesFieldsThatCannotBeSelected() {
        assertThat(api.get(MAPS + "?fieldSelector=data.k%3Dv").is(400).at("message"))
                .isEqualTo("\"data.k\" is not a known field selector: only \"metadata.name\","
                        + " \"metadata.namespace\"");
        assertThat(api.get("/api/v1/pods?fieldSelector=spec.foo%3Dv").is(400).at("message"))
                .isEqualTo("field label not supported: spec.foo");
    }

    @Test
    @Conformance("api-chunking-list")
    void showsOneStateInAllChunks() {
        create("a", "b", "c", "d", "e");
        var first = api.get(MAPS + "?limit=2").is(200);
        assertThat(names(first)).containsExactly("a", "b");
        assertThat(first.at("metadata.remainingItemCount")).isEqualTo("3");

        api.delete(MAPS + "/c").is(200);
        create("bb");
        var second = api.get(MAPS + "?limit=2&continue=" + first.at("metadata.continue"))
                .is(200);
        assertThat(names(second)).containsExactly("c", "d");
        assertThat(second.at("metadata.resourceVersion")).isEqualTo(first.at("metadata.resourceVersion"));

        var third = api.get(MAPS + "?limit=2&continue=" + second.at("metadata.continue"))
                .is(200);
        assertThat(names(third)).containsExactly("e");
        assertThat(third.at("metadata.continue")).isEmpty();
    }

    @Test
    @Conformance("api-chunking-compacted-continue")
    void goesOnInconsistentlyWhenTheStateIsForgotten() throws InterruptedException {
        create("a", "b", "c");
        var first = api.get(MAPS + "?limit=1").is(200);
        forgetThePast("c");

        var expired = api.get(MAPS + "?limit=1&continue=" + first.at("metadata.continue"))
                .is(410);
        assertThat(expired.at("reason")).isEqualTo("Expired");
        assertThat(expired.at("message")).startsWith("The provided continue parameter is too old");

        var rest =
                api.get(MAPS + "?continue=" + expired.at("metadata.continue")).is(200);
        assertThat(names(rest)).containsExactly("b", "c");
    }

    @Test
    void readsExactVersionsFromTheStoreWhenMemoryHasForgotten() {
        create("a");
        long then = api.store.revision();
        changeOften("a");

        var list = api.get(MAPS + "?resourceVersionMatch=Exact&resourceVersion=" + then)
                .is(200);

        assertThat(list.at("items.0.metadata.resourceVersion")).isEqualTo(Long.toString(then));
        assertThat(list.at("metadata.resourceVersion")).isEqualTo(Long.toString(then));
        assertThat(list.at("items.0.data")).isEmpty();
    }

    @Test
    void saysThatAVersionIsTooOld() throws InterruptedException {
        create("a");
        long then = api.store.revision();
        forgetThePast("a");

        var refusal = api.get(MAPS + "?resourceVersionMatch=Exact&resourceVersion=" + then)
                .is(410);
        assertThat(refusal.at("message")).isEqualTo("The resourceVersion for the provided list is too old.");
    }

    @Test
    void acceptsVersionsNotOlderThan() {
        create("a");
        // a read without a version waits for the newest write; the older ones below may then be as fresh
        assertThat(names(api.get(MAPS))).containsExactly("a");

        assertThat(names(api.get(MAPS + "?resourceVersion=0"))).containsExactly("a");
        assertThat(names(api.get(MAPS + "?resourceVersion=1"))).containsExactly("a");
        assertThat(names(api.get(MAPS + "?resourceVersionMatch=NotOlderThan&resourceVersion=1")))
                .containsExactly("a");
    }

    @Test
    void refusesContradictions() {
        assertThat(api.get(MAPS + "?resourceVersionMatch=Exact").is(422).at("message"))
                .isEqualTo("ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden:"
                        + " resourceVersionMatch is forbidden unless resourceVersion is provided");
        assertThat(api.get(MAPS + "?resourceVersion=abc").is(400).at("reason")).isEqualTo("BadRequest");
        assertThat(api.get(MAPS + "?continue=rubbish").is(400).at("reason")).isEqualTo("BadRequest");
    }

    @Test
    void makesTables() {
        create("a");

        var table = api.get(MAPS, "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
                .is(200);

        assertThat(table.at("apiVersion")).isEqualTo("meta.k8s.io/v1");
        assertThat(table.at("columnDefinitions.1.name")).isEqualTo("Data");
        assertThat(table.at("rows.0.cells")).isEqualTo("[\"a\",0,\"0s\"]");
        assertThat(table.at("rows.0.object.kind")).isEqualTo("PartialObjectMetadata");
        assertThat(table.at("rows.0.object.metadata.name")).isEqualTo("a");

        var old = api.get(
                MAPS + "/a?includeObject=Object", "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json");
        assertThat(old.is(200).at("apiVersion")).isEqualTo("meta.k8s.io/v1beta1");
        assertThat(old.at("rows.0.object.kind")).isEqualTo("ConfigMap");
    }

    @Test
    void makesListsOfMetadata() {
        create("a");

        var list = api.get(MAPS, "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");

        assertThat(list.is(200).at("kind")).isEqualTo("PartialObjectMetadataList");
        assertThat(list.at("items.0.kind")).isEqualTo("PartialObjectMetadata");
        assertThat(list.at("items.0.metadata.name")).isEqualTo("a");
    }

    @Test
    void refusesFormsItCannotMake() {
        assertThat(api.get(MAPS, "application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1")
                        .is(406)
                        .at("reason"))
                .isEqualTo("NotAcceptable");
    }

    private void forgetThePast(String name) throws InterruptedException {
        changeOften(name);
        api.store.compact(api.store.revision());
    }

    /// Until the cache's history no longer knows what came before.
    private void changeOften(String name) {
        for (int i = 0; i < 200; i++) {
            api.time.advance(Duration.ofSeconds(80)); // so that the history does not grow
            api.patch(MAPS + "/" + name, "merge-patch", "{\"data\":{\"n\":\"" + i + "\"}}")
                    .is(200);
        }
    }

    private void create(String... names) {
        for (var name : names) {
            api.post(MAPS, "{metadata: {name: " + name + "}}").is(201);
        }
    }

    private static List<String> names(Api.Answer list) {
        var names = new ArrayList<String>();
        list.is(200)
                .json()
                .path("items")
                .forEach(i -> names.add(i.at("/metadata/name").asText()));
        return names;
    }
}
