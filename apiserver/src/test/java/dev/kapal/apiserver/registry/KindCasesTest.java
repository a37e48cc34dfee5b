package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.http.Headers;
import dev.kapal.model.codec.Documents;
import dev.kapal.testkit.Conformance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the server makes of valid and invalid objects of each kind: the cases stand in `kinds/`, see [KindFile].
class KindCasesTest {
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    /// One for each kind: what limits other kinds is not there.
    private static final Map<String, Api> SERVERS = new HashMap<>();

    /// One document of a file.
    private record Case(KindFile file, int number, ObjectNode text) {
        @Override
        public String toString() {
            return file.name() + ": " + text.path("name").asText();
        }
    }

    @AfterAll
    static void stopServers() {
        SERVERS.values().forEach(Api::close);
        SERVERS.clear();
    }

    static List<Case> cases() {
        var cases = new ArrayList<Case>();
        for (var file : KindFile.all()) {
            for (int i = 0; i < file.cases().size(); i++) {
                cases.add(new Case(file, i, file.cases().get(i)));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersAsUpstreamDoes(Case one, TestReporter reporter) {
        var api = SERVERS.computeIfAbsent(one.file.name(), _ -> Api.withDefaultNamespace());
        var name = "case-" + one.number;
        var text = KindFile.filled(one.text, name, one.number);
        var object = KindFile.merged(one.file.object(name, one.number), text.path("with"));
        var answer = api.call(
                "POST", one.file.path(), Headers.of("Content-Type", "application/json"), Documents.json(object));
        var created = one.file.path() + "/" + answer.at("metadata.name");
        for (var step : text.path("first")) {
            answer.is(201);
            assertThat(step(api, created, step).status()).isIn(200, 201);
        }
        if (text.has("then")) {
            answer.is(201);
            answer = step(api, created, text);
        }
        check(text, answer);
        if (text.has("cells")) {
            var table = api.get(created, TABLE).is(200);
            var cells = new ArrayList<String>();
            table.json().path("rows").path(0).path("cells").forEach(cell -> cells.add(cell.asText()));
            var wanted = texts(text.get("cells"));
            assertThat(cells.subList(0, Math.min(wanted.size(), cells.size()))).isEqualTo(wanted);
            assertThat(cells).hasSameSizeAs(table.json().path("columnDefinitions"));
        }
        texts(text.path("conformance")).forEach(id -> reporter.publishEntry(Conformance.ENTRY, id));
    }

    private static Api.Answer step(Api api, String created, JsonNode step) {
        var target = created + (step.has("under") ? "/" + step.get("under").asText() : "");
        return switch (step.path("by").asText("patch")) {
            case "put" -> api.put(target, KindFile.merged(api.get(created).json(), step.get("then")));
            case "post" -> api.post(target, Documents.text(step.get("then")));
            case "delete" -> api.delete(target, Documents.text(step.get("then")));
            default -> api.patch(target, "merge-patch", Documents.text(step.get("then")));
        };
    }

    private static void check(ObjectNode text, Api.Answer answer) {
        if (text.has("refused")) {
            var wanted = text.get("refused");
            var problems = wanted.isArray() ? "[" + String.join(", ", texts(wanted)) + "]" : wanted.asText();
            assertThat(answer.is(422).at("message")).endsWith(" is invalid: " + problems);
            return;
        }
        if (text.has("fails")) {
            assertThat(answer.status())
                    .isEqualTo(text.path("fails").path("code").asInt());
            assertThat(KindFile.missing("", text.get("fails"), answer.json())).isEmpty();
            return;
        }
        assertThat(answer.status()).as(answer.at("message")).isIn(200, 201);
        assertThat(KindFile.missing("", gets(text), answer.json())).isEmpty();
        for (var absent : text.path("lacks")) {
            assertThat(answer.at(absent.asText())).as(absent.asText()).isEmpty();
        }
        if (text.has("warns")) {
            var warnings = answer.headers().all("Warning").stream()
                    .map(w -> w.replaceFirst("^299 - \"", "")
                            .replaceFirst("\"$", "")
                            .replace("\\\"", "\""))
                    .toList();
            assertThat(warnings).isEqualTo(texts(text.get("warns")));
        }
    }

    private static JsonNode gets(ObjectNode text) {
        return text.has("gets") ? text.get("gets") : Documents.object();
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
