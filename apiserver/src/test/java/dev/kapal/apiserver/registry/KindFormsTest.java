package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.PrinterColumn;
import dev.kapal.model.codec.Documents;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Objects of each built-in kind, in each version, as rows of a table and as their metadata alone: read, listed and
/// watched.
@Timeout(60)
class KindFormsTest {
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private static final String PARTIAL = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    private static final String PARTIAL_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    private static final String END = "k8s.io/initial-events-end";

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void stopServer() {
        api.close();
    }

    static List<KindVersion> versions() {
        return KindVersion.all();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void areRowsOfATable(KindVersion version) {
        var created = version.create(api);
        var object = api.get(created.path()).is(200).json();
        for (var target : List.of(created.path() + "?", created.list() + "&")) {
            var shown = row(version, api.get(target + "includeObject=Object", TABLE));
            assertThat(shown.path("object")).isEqualTo(object);
            var named = row(version, api.get(target, TABLE));
            assertThat(named.path("object")).isEqualTo(partial(object));
            assertThat(named.path("cells")).isEqualTo(shown.path("cells"));
            var bare = row(version, api.get(target + "includeObject=None", TABLE));
            assertThat(bare.get("object").isNull()).isTrue();
            assertThat(bare.path("cells")).isEqualTo(shown.path("cells"));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void areWatchedAsRows(KindVersion version) {
        var created = version.create(api);
        for (var include : List.of("None", "Metadata", "Object")) {
            var object = api.get(created.path()).is(200).json();
            try (var watch = api.watch(created.watch() + "&includeObject=" + include, TABLE)) {
                var added = watch.next();
                assertThat(added.path("type").asText()).isEqualTo("ADDED");
                var row = row(version, added.path("object"));
                assertThat(columns(added.path("object"))).isEqualTo(columns(version));
                switch (include) {
                    case "None" -> assertThat(row.get("object").isNull()).isTrue();
                    case "Metadata" -> assertThat(row.path("object")).isEqualTo(partial(object));
                    default -> assertThat(row.path("object")).isEqualTo(object);
                }

                var bookmark = watch.next();
                assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
                assertThat(bookmark.at("/object/kind").asText()).isEqualTo("Table");
                assertThat(bookmark.at("/object/columnDefinitions").isNull()).isTrue();
                if (!include.equals("None")) {
                    assertIsEnd(bookmark.at("/object/rows/0/object"));
                }

                created.touch(api);
                var modified = watch.next();
                assertThat(modified.path("type").asText()).isEqualTo("MODIFIED");
                assertThat(modified.at("/object/columnDefinitions").isNull()).isTrue();
                assertThat(row(version, modified.path("object")).path("cells")).isEqualTo(row.path("cells"));
            }
            api.patch(created.path(), "merge-patch", "{\"metadata\":{\"annotations\":{\"touched\":null}}}")
                    .is(200);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void areMetadataAlone(KindVersion version) {
        var created = version.create(api);
        var object = api.get(created.path()).is(200).json();
        assertThat(api.get(created.path(), PARTIAL).is(200).json()).isEqualTo(partial(object));

        var list = api.get(created.list(), PARTIAL_LIST).is(200).json();
        assertThat(list.path("kind").asText()).isEqualTo("PartialObjectMetadataList");
        assertThat(list.path("apiVersion").asText()).isEqualTo("meta.k8s.io/v1");
        assertThat(list.at("/metadata/resourceVersion").asText())
                .isEqualTo(api.get(created.list()).at("metadata.resourceVersion"));
        assertThat(list.path("items")).containsExactly(partial(object));

        try (var watch = api.watch(created.watch(), PARTIAL)) {
            var added = watch.next();
            assertThat(added.path("type").asText()).isEqualTo("ADDED");
            assertThat(added.path("object")).isEqualTo(partial(object));
            var bookmark = watch.next();
            assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
            assertIsEnd(bookmark.path("object"));
            assertThat(bookmark.at("/object/kind").asText()).isEqualTo("PartialObjectMetadata");
            created.touch(api);
            var modified = watch.next();
            assertThat(modified.path("type").asText()).isEqualTo("MODIFIED");
            assertThat(modified.path("object"))
                    .isEqualTo(partial(api.get(created.path()).json()));
        }
    }

    private static ObjectNode partial(JsonNode object) {
        var partial = Documents.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    private static JsonNode row(KindVersion version, Api.Answer answer) {
        var table = answer.is(200).json();
        assertThat(columns(table)).isEqualTo(columns(version));
        return row(version, table);
    }

    /// The only row of a table.
    private static JsonNode row(KindVersion version, JsonNode table) {
        assertThat(table.path("kind").asText()).isEqualTo("Table");
        assertThat(table.path("apiVersion").asText()).isEqualTo("meta.k8s.io/v1");
        assertThat(table.at("/metadata/resourceVersion").asText()).isNotEmpty();
        assertThat(table.path("rows")).hasSize(1);
        var row = table.at("/rows/0");
        assertThat(row.path("cells")).hasSameSizeAs(columns(version));
        return row;
    }

    private static List<String> columns(JsonNode table) {
        return table.path("columnDefinitions")
                .valueStream()
                .map(column -> column.path("name").asText())
                .toList();
    }

    private static List<String> columns(KindVersion version) {
        return version.definition().columns().stream().map(PrinterColumn::name).toList();
    }

    /// What tells that all that was there has been told.
    private static void assertIsEnd(JsonNode object) {
        var metadata = object.path("metadata");
        assertThat(metadata.path("annotations").path(END).asText()).isEqualTo("true");
        assertThat(metadata.path("resourceVersion").asText()).isNotEmpty();
    }
}
