package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.codec.Documents;
import dev.kapal.testkit.Conformance;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every operation on an object of each kind of `kinds/`, see [KindFile].
@Timeout(60)
class KindOperationsTest {
    private static final String SELECTED = "?labelSelector=set%3Doperations";
    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void stopServer() {
        api.close();
    }

    static List<KindFile> files() {
        return KindFile.all().stream().filter(KindFile::hasOperations).toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void createsReadsChangesWatchesAndDeletes(KindFile file, TestReporter reporter) {
        var object = file.object("operated", 1);
        var name = object.path("metadata").path("name").asText();
        var one = file.path() + "/" + name;
        long start = Long.parseLong(api.get(file.path()).is(200).at("metadata.resourceVersion"));
        try (var watch = api.watch(file.path() + "?watch=1&resourceVersion=" + start)) {
            object.withObject("/metadata/labels").put("set", "operations");
            sees(watch, "ADDED", api.post(file.path(), Documents.text(object)).is(201));
            assertThat(api.get(one).is(200).at("metadata.name")).isEqualTo(name);
            var everywhere = file.path().replace("/namespaces/default", "");
            assertThat(api.get(everywhere + SELECTED).is(200).json().path("items"))
                    .hasSize(1);

            var patch = "{\"metadata\":{\"labels\":{\"patched\":\"true\"}}}";
            sees(watch, "MODIFIED", api.patch(one, "merge-patch", patch).is(200));
            var next = KindFile.merged(api.get(one).json(), file.head().path("change"));
            next.withObject("/metadata/annotations").put("updated", "true");
            var updated = api.put(one, next).is(200);
            assertThat(updated.at("metadata.labels.patched")).isEqualTo("true");
            assertThat(updated.at("metadata.annotations.updated")).isEqualTo("true");
            assertThat(KindFile.missing("", file.head().path("change"), updated.json()))
                    .isEmpty();
            sees(watch, "MODIFIED", updated);
            if (file.head().has("status")) {
                changesStatus(file, one, watch);
            }
            if (release(one)) {
                assertThat(watch.brief()).isEqualTo("MODIFIED " + name);
            }
            api.delete(one, "{\"propagationPolicy\":\"Background\"}").is(200);
            var last = watch.brief();
            while (last.equals("MODIFIED " + name)) {
                last = watch.brief(); // what ends gracefully is marked before it goes, however short its grace
            }
            assertThat(last).isEqualTo("DELETED " + name);
            api.get(one).is(404);
        }
        deletesTheSelected(file);
        file.head().path("conformance").forEach(id -> reporter.publishEntry(Conformance.ENTRY, id.asText()));
    }

    /// A collection goes together, and who watches sees each of it go.
    private void deletesTheSelected(KindFile file) {
        var names = new TreeSet<String>();
        for (int number = 2; number < 4; number++) {
            var other = file.object("other-" + number, number);
            other.withObject("/metadata/labels").put("set", "operations");
            var answer = api.post(file.path(), Documents.text(other)).is(201);
            names.add(answer.at("metadata.name"));
            release(file.path() + "/" + answer.at("metadata.name"));
        }
        var now = api.get(file.path() + SELECTED).is(200);
        assertThat(now.json().path("items")).hasSize(2);
        var since = "&watch=true&resourceVersion=" + now.at("metadata.resourceVersion");
        try (var watch = api.watch(file.path() + SELECTED + since)) {
            api.delete(file.path() + SELECTED, "{\"propagationPolicy\":\"Background\"}")
                    .is(200);
            var gone = new TreeSet<String>();
            while (gone.size() < names.size()) {
                var event = watch.brief().split(" ");
                assertThat(event[0]).isIn("MODIFIED", "DELETED");
                if (event[0].equals("DELETED")) {
                    gone.add(event[1]);
                }
            }
            assertThat(gone).isEqualTo(names);
        }
        assertThat(api.get(file.path() + SELECTED).is(200).json().path("items")).isEmpty();
    }

    /// Does what the controllers do that protect objects in use.
    private boolean release(String one) {
        boolean held =
                !api.get(one).is(200).json().path("metadata").path("finalizers").isEmpty();
        if (held) {
            api.patch(one, "merge-patch", "{\"metadata\":{\"finalizers\":null}}")
                    .is(200);
        }
        return held;
    }

    /// The watch tells of what was written, after and before what the server adds by itself, which is waited for.
    private static void sees(Api.Watching watch, String type, Api.Answer written) {
        var event = watch.next();
        while (!event.at("/object/metadata/resourceVersion").asText().equals(written.at("metadata.resourceVersion"))) {
            assertThat(event.path("type").asText()).isEqualTo("MODIFIED");
            event = watch.next();
        }
        assertThat(event.path("type").asText()).isEqualTo(type);
        while (!KindFile.isComplete(event.path("object"))) {
            event = watch.next();
        }
    }

    /// The status changes below `/status`, and only there.
    private void changesStatus(KindFile file, String one, Api.Watching watch) {
        var wanted = file.head().get("status");
        var before = api.get(one + "/status").is(200).json();
        var patch = Documents.object();
        patch.set("status", wanted);
        sees(
                watch,
                "MODIFIED",
                api.patch(one + "/status", "merge-patch", Documents.text(patch)).is(200));
        var patched = api.get(one + "/status").is(200).json();
        assertThat(KindFile.missing(".status", wanted, patched.path("status"))).isEmpty();

        var elsewhere = patched.deepCopy();
        elsewhere.putObject("status");
        assertThat(api.put(one, elsewhere).is(200).at("metadata.resourceVersion"))
                .isEqualTo(patched.path("metadata").path("resourceVersion").asText());

        var back = patched.deepCopy();
        back.set("status", before.has("status") ? before.get("status") : Documents.object());
        var answer = api.put(one + "/status", back).is(200);
        assertThat(KindFile.missing(".status", wanted, answer.json().path("status")))
                .isNotEmpty();
        assertThat(api.get(one).at("status")).isEqualTo(answer.at("status"));
        sees(watch, "MODIFIED", answer);
    }
}
