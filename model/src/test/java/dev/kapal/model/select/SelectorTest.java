package dev.kapal.model.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
    private static final Map<String, String> WEB = Map.of("app", "web", "tier", "front", "rank", "7", "empty", "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|true",
                "app=web|true",
                "app==web|true",
                "app = web|true",
                "app=db|false",
                "app!=db|true",
                "none!=db|true",
                "app in (web,db)|true",
                "app in (db)|false",
                "app notin (db)|true",
                "none notin (db)|true",
                "app|true",
                "none|false",
                "!none|true",
                "!app|false",
                "app=web,tier=front|true",
                "app=web,tier=back|false",
                "rank>6|true",
                "rank>7|false",
                "rank<8|true",
                "app>1|false",
                "empty=|true",
                "empty in (,x)|true",
                "app=,tier=front|false",
                "in in (in)|false",
            })
    void choosesByLabels(String selector, boolean matches) {
        assertThat(LabelSelector.parse(selector).test(WEB)).isEqualTo(matches);
        var labels = Documents.object();
        WEB.forEach(labels::put);
        assertThat(LabelSelector.parse(selector).matches(labels)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b,|found '', expected: identifier after ','",
                "a b|unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
                "=a|found '=', expected: !, identifier, or 'end of string'",
                "a=b=c|found '=', expected: ',' or 'end of string'",
                "a in b|unable to parse requirement: found 'b' expected: '('",
                "a in ()|unable to parse requirement: values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
                "!|unable to parse requirement: found '', expected: identifier",
                "a>x|unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
            })
    void refusesWithUpstreamsWords(String selector, String message) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(SelectorException.class)
                .hasMessage(message);
    }

    @Test
    void saysWhichValueIsNoLabel() {
        assertThatThrownBy(() -> LabelSelector.parse("a=x_"))
                .hasMessageStartingWith(
                        "unable to parse requirement: values[0][a]: Invalid value: \"x_\": a valid label");
    }

    @Test
    void readsTheDocumentForm() {
        var selector = LabelSelector.fromDocument(tree("""
                {"matchLabels":{"app":"web"},"matchExpressions":[
                  {"key":"tier","operator":"In","values":["front","back"]},{"key":"old","operator":"DoesNotExist"}]}"""));
        assertThat(selector.test(WEB)).isTrue();
        assertThat(selector).hasToString("app=web,!old,tier in (back,front)");
        assertThat(LabelSelector.fromDocument(Documents.object()).test(WEB)).isTrue();
        assertThat(LabelSelector.fromDocument(null).test(WEB)).isFalse();
        assertThatThrownBy(() ->
                        LabelSelector.fromDocument(tree("{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"=\"}]}")))
                .hasMessage("\"=\" is not a valid label selector operator");
    }

    @Test
    void choosesByFields() {
        var selector = FieldSelector.parse("metadata.name=web,status.phase!=Running,x==a\\,b");
        var fields = Map.of("metadata.name", "web", "x", "a,b");
        assertThat(selector.matches(f -> fields.getOrDefault(f, ""))).isTrue();
        assertThat(selector.exact("metadata.name")).contains("web");
        assertThat(selector.exact("status.phase")).isEmpty();
        assertThat(selector).hasToString("metadata.name=web,status.phase!=Running,x=a\\,b");
        assertThat(FieldSelector.parse("").isEmpty()).isTrue();
        assertThatThrownBy(() -> FieldSelector.parse("a=b,c"))
                .hasMessage("invalid selector: 'a=b,c'; can't understand 'c'");
        assertThatThrownBy(() -> FieldSelector.parse("a=b\\x"))
                .hasMessage("invalid field selector: invalid escape sequence: \\x");
    }

    private static com.fasterxml.jackson.databind.JsonNode tree(String json) {
        return Documents.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
