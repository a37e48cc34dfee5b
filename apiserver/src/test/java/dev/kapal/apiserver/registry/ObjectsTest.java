package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.patch.Patches;
import dev.kapal.testkit.Conformance;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the server makes of objects: the cases are the files in `src/test/resources/objects`, some for each kind. A
/// file
/// holds YAML documents with these fields:
///
///     name:         a sentence on the behaviour
///     conformance:  ids of the behaviours that the case proves, with commas
///     given:        objects that are there before
///     create:       the object; what it lacks of a name is `x`, of a namespace `default`
///     update:       a merge patch of the created object, which is then PUT
///     updateStatus: the same, PUT to `/status`
///     get:          another `group/version` in which the object is read in the end
///     status:       the code of the last answer, where it is not 200 or 201
///     then:         what the last answer holds at least; null is what it must not hold
///     message:      of a refusal
///     causes:       of a refusal, `field: message` each
///     warnings:     the texts of the answer's Warning headers
class ObjectsTest {
    private static final ResourceRegistry REGISTRY = ResourceRegistry.builtIn();

    record Case(String file, ObjectNode content) {
        JsonNode at(String field) {
            return content.path(field);
        }

        @Override
        public String toString() {
            return file + " " + content.path("name").asText();
        }
    }

    static Stream<Case> cases() throws IOException, URISyntaxException {
        var cases = new ArrayList<Case>();
        var directory = Path.of(ObjectsTest.class.getResource("/objects").toURI());
        try (var files = Files.list(directory)) {
            for (var file : files.sorted().toList()) {
                var name = file.getFileName().toString().replace(".yaml", "");
                Arrays.stream(Files.readString(file).split("(?m)^---\\s*$"))
                        .filter(text -> !text.isBlank())
                        .forEach(text -> cases.add(new Case(name, yaml(text))));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void does(Case c, TestReporter reporter) {
        try (var api = Api.withDefaultNamespace()) {
            c.at("given").forEach(object -> post(api, (ObjectNode) object).is(201));
            check(c, last(api, c));
        }
        if (!c.at("conformance").isMissingNode()) {
            reporter.publishEntry(Conformance.ENTRY, c.at("conformance").asText());
        }
    }

    private static Api.Answer last(Api api, Case c) {
        var object = (ObjectNode) c.at("create");
        var answer = post(api, object);
        var path = path(object) + "/" + object.path("metadata").path("name").asText();
        if (c.content.has("update")) {
            answer = put(api, path, answer, c.at("update"));
        }
        if (c.content.has("updateStatus")) {
            answer = put(api, path + "/status", answer, c.at("updateStatus"));
        }
        if (c.content.has("get")) {
            var other = object.deepCopy().put("apiVersion", c.at("get").asText());
            answer.is(answer.status() / 100 == 2 ? answer.status() : 201);
            answer = api.get(
                    path(other) + "/" + object.path("metadata").path("name").asText());
        }
        return answer;
    }

    private static Api.Answer put(Api api, String path, Api.Answer created, JsonNode patch) {
        created.is(created.status() / 100 == 2 ? created.status() : 201);
        return api.put(path, Patches.merge(created.json(), Documents.json(patch)));
    }

    private static Api.Answer post(Api api, ObjectNode object) {
        var metadata = object.get("metadata") instanceof ObjectNode given ? given : object.putObject("metadata");
        if (!metadata.has("name") && !metadata.has("generateName")) {
            metadata.put("name", "x");
        }
        return api.post(path(object), Documents.text(object));
    }

    private static String path(ObjectNode object) {
        var kind = GroupVersionKind.of(
                object.path("apiVersion").asText(), object.path("kind").asText());
        var definition = REGISTRY.find(kind).orElseThrow(() -> new AssertionError("no kind " + kind));
        var namespace = object.path("metadata").path("namespace").asText("default");
        return kind.groupVersion().path() + (definition.namespaced() ? "/namespaces/" + namespace : "") + "/"
                + definition.plural();
    }

    private static void check(Case c, Api.Answer answer) {
        int expected = c.at("status").asInt(answer.status() == 201 ? 201 : 200);
        if (c.content.has("causes") || c.content.has("message")) {
            expected = c.at("status").asInt(422);
        }
        answer.is(expected);
        if (c.content.has("then")) {
            assertThat(differences("", answer.json(), c.at("then"))).isEmpty();
        }
        if (c.content.has("message")) {
            assertThat(answer.at("message")).isEqualTo(c.at("message").asText());
        }
        if (c.content.has("causes")) {
            assertThat(causes(answer)).containsExactlyElementsOf(texts(c.at("causes")));
        }
        if (c.content.has("warnings")) {
            assertThat(answer.headers().all("Warning"))
                    .containsExactlyElementsOf(texts(c.at("warnings")).stream()
                            .map(text -> "299 - \"" + text.replace("\"", "\\\"") + '"')
                            .toList());
        }
    }

    private static List<String> causes(Api.Answer answer) {
        var causes = new ArrayList<String>();
        answer.json()
                .path("details")
                .path("causes")
                .forEach(cause -> causes.add(cause.path("field").asText() + ": "
                        + cause.path("message").asText()));
        return causes;
    }

    /// Where `actual` lacks something of `wanted`.
    private static List<String> differences(String path, JsonNode actual, JsonNode wanted) {
        var found = new ArrayList<String>();
        if (wanted.isObject() && actual.isObject()) {
            wanted.properties().forEach(field -> {
                var inner = path + "." + field.getKey();
                if (field.getValue().isNull()) {
                    if (actual.has(field.getKey())) {
                        found.add(inner + " is " + actual.get(field.getKey()) + " and should not be there");
                    }
                } else {
                    found.addAll(differences(inner, actual.path(field.getKey()), field.getValue()));
                }
            });
        } else if (wanted.isArray() && actual.isArray() && wanted.size() == actual.size()) {
            for (int i = 0; i < wanted.size(); i++) {
                found.addAll(differences(path + "[" + i + "]", actual.get(i), wanted.get(i)));
            }
        } else if (!Documents.text(wanted).equals(Documents.text(actual))) {
            found.add(path + " is " + actual + ", expected " + wanted);
        }
        return found;
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static ObjectNode yaml(String text) {
        return new DocumentDecoder()
                .decode(text.getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                .document();
    }
}
