package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.TestServer;
import dev.kapal.testkit.Conformance;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients find each kind of `kinds/` that has operations, see [KindFile], by discovery: its group, its version, and
/// what can be done with it and its status.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KindDiscoveryTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static List<KindFile> files() {
        return KindFile.all().stream().filter(file -> file.head().has("change")).toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void isFoundByDiscovery(KindFile file, TestReporter reporter) throws Exception {
        var place = file.path().replace("/namespaces/default", "");
        var plural = place.substring(place.lastIndexOf('/') + 1);
        var version = place.substring(0, place.lastIndexOf('/'));
        var name = version.replaceFirst("^/apis?/", "");
        if (version.startsWith("/apis/")) {
            var group = name.substring(0, name.indexOf('/'));
            assertThat(get("/apis").path("groups")).anySatisfy(found -> {
                assertThat(found.path("name").asText()).isEqualTo(group);
                assertThat(found.path("versions"))
                        .extracting(served -> served.path("groupVersion").asText())
                        .contains(name);
            });
        }
        var resources = get(version).path("resources");
        assertThat(verbs(resources, plural))
                .contains("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
        if (file.head().has("status")) {
            assertThat(verbs(resources, plural + "/status")).containsExactly("get", "patch", "update");
        }
        file.head().path("conformance").forEach(id -> reporter.publishEntry(Conformance.ENTRY, id.asText()));
    }

    private JsonNode get(String path) throws Exception {
        return server.call("GET", path, "").document();
    }

    private static List<String> verbs(JsonNode resources, String name) {
        return resources
                .valueStream()
                .filter(resource -> resource.path("name").asText().equals(name))
                .flatMap(resource -> resource.path("verbs").valueStream())
                .map(JsonNode::asText)
                .toList();
    }
}
