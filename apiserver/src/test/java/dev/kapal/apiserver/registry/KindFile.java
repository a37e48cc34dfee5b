package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// One file of `kinds/`: what is expected of one kind. Its first document describes the kind:
///
///     path: /apis/apps/v1/namespaces/default/daemonsets     where its objects are
///     object: {…}                                           a valid one, without a name
///     change: {…}                                           a merge patch that is accepted; absent where there are
///                                                           only cases
///     status: {…}                                           a status that is accepted; absent for kinds without one
///     conformance: [id]                                     the behaviours that its operations prove
///
/// Each further document is a case:
///
///     name: a sentence
///     with: {…}        merged into the object that is created
///     first: [step]    what happens to what was created before the step that is looked at
///     then: {…}        a step: a merge patch on what was created; `under: status` sends it there, `by: put` as a
/// whole,
///                      `by: post` as it stands, `by: delete` on its own
///     gets: {…}        a part of the answer: what stands here must stand there
///     lacks: [path]    what the answer must not have
///     refused: text    the end of the message of a refusal with 422; a list for several
///     fails: {…}       a part of the `Status` of another refusal, its code among it
///     warns: [text]    the warnings, all of them
///     cells: […]       the row of its table, the first cells of it
///     conformance: [id]  the behaviours that it proves, or a part of them
///
/// `$NAME` and `$NUMBER` stand for a name and a number that no other object of the file has: for kinds that want their
/// objects named in a certain way.
record KindFile(String name, ObjectNode head, List<ObjectNode> cases) {
    private static final YAMLMapper YAML = new YAMLMapper();

    static List<KindFile> all() {
        try {
            var folder = Path.of(KindFile.class.getResource("/kinds").toURI());
            try (Stream<Path> files = Files.list(folder)) {
                return files.sorted().map(KindFile::read).toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KindFile read(Path file) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            var all = new ArrayList<ObjectNode>();
            while (documents.hasNext()) {
                all.add((ObjectNode) documents.next());
            }
            var name = file.getFileName().toString().replace(".yaml", "");
            return new KindFile(name, all.getFirst(), List.copyOf(all.subList(1, all.size())));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /// Whether its objects live as others do: created, changed, deleted at once.
    boolean hasOperations() {
        return head.has("change");
    }

    String path() {
        return head.path("path").asText();
    }

    /// A valid object.
    ObjectNode object(String name, int number) {
        var object = filled(head.path("object"), name, number);
        var metadata = object.withObjectProperty("metadata");
        if (!metadata.has("name")) {
            metadata.put("name", name);
        }
        return object;
    }

    /// A part of the file as it is meant for one object.
    static ObjectNode filled(JsonNode part, String name, int number) {
        var text = Documents.text(part).replace("$NAME", name).replace("$NUMBER", Integer.toString(number));
        return Documents.read(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Whether the server has added what it adds by itself. A bookmark is never complete.
    static boolean isComplete(JsonNode object) {
        return switch (object.path("kind").asText()) {
            case "CustomResourceDefinition" ->
                object.at("/status/conditions")
                        .findValuesAsText("type")
                        .containsAll(Set.of("NamesAccepted", "Established"));
            case "ValidatingAdmissionPolicy" ->
                object.path("status").has("observedGeneration")
                        && object.at("/status/observedGeneration").equals(object.at("/metadata/generation"));
            default -> true;
        };
    }

    /// A merge patch applied in place.
    static ObjectNode merged(ObjectNode object, JsonNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                object.remove(field.getKey());
            } else if (field.getValue().isObject()) {
                merged(object.withObjectProperty(field.getKey()), field.getValue());
            } else {
                object.set(field.getKey(), field.getValue());
            }
        });
        return object;
    }

    /// What `wanted` says and `found` does not, by path; an empty text when all of it is there.
    static String missing(String path, JsonNode wanted, JsonNode found) {
        if (wanted.isObject()) {
            for (var field : wanted.properties()) {
                var why = missing(path + "." + field.getKey(), field.getValue(), found.path(field.getKey()));
                if (!why.isEmpty()) {
                    return why;
                }
            }
            return found.isObject() ? "" : path + " is " + Documents.text(found);
        }
        if (wanted.isArray() && found.isArray() && wanted.size() == found.size()) {
            for (int i = 0; i < wanted.size(); i++) {
                var why = missing(path + "[" + i + "]", wanted.get(i), found.get(i));
                if (!why.isEmpty()) {
                    return why;
                }
            }
            return "";
        }
        boolean same =
                wanted.isNumber() ? found.isNumber() && wanted.asText().equals(found.asText()) : wanted.equals(found);
        return same ? "" : path + " is " + (found.isMissingNode() ? "absent" : Documents.text(found));
    }
}
