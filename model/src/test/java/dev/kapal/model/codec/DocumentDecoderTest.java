package dev.kapal.model.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentDecoderTest {
    private final DocumentDecoder decoder = new DocumentDecoder();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|unexpected end of JSON input",
                "{|unexpected end of JSON input",
                "{\"a\"|unexpected end of JSON input",
                "{bad|invalid character 'b' looking for beginning of object key string",
                "bad|invalid character 'b' looking for beginning of value",
                "{\"a\" 1}|invalid character '1' after object key",
                "{\"a\":1 \"b\"|invalid character '\"' after object key:value pair",
                "{\"a\":1,}|invalid character '}' looking for beginning of object key string",
                "{\"a\":[1 2]}|invalid character '2' after array element",
                "{\"a\":[1,]}|invalid character ']' looking for beginning of value",
                "{} x|invalid character 'x' after top-level value",
                "{\"a\":tru}|invalid character '}' in literal true (expecting 'e')",
                "{\"a\":01}|invalid character '1' after object key:value pair",
                "{\"a\":1.}|invalid character '}' after decimal point in numeric literal",
                "{\"a\":-}|invalid character '}' in numeric literal",
                "{\"a\":1e}|invalid character '}' in exponent of numeric literal",
                "{\"a\":\"\\x\"}|invalid character 'x' in string escape code",
                "{\"a\":\"\\u12g4\"}|invalid character 'g' in \\u hexadecimal character escape",
                "{'a':1}|invalid character '\\'' looking for beginning of object key string",
            })
    void saysWhatIsWrongWithJson(String text, String message) {
        assertThatThrownBy(() -> json(text))
                .isInstanceOf(DecodeException.class)
                .hasMessage("couldn't get version/kind; json parse error: " + message);
    }

    @Test
    void readsJsonInUtf8Only() {
        for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_32LE)) {
            assertThatThrownBy(() -> decoder.decode("{\"a\":1}".getBytes(charset), MediaType.JSON))
                    .hasMessageContaining("invalid character '\\x00' looking for beginning of ");
        }
        assertThatThrownBy(() -> json("\ufeff{}"))
                .hasMessageEndingWith("invalid character 'ï' looking for beginning of value");
    }

    @Test
    void replacesWhatIsNoCharacter() {
        byte[] body = "{\"a\":\"x?y\"}".getBytes(StandardCharsets.UTF_8);
        body[7] = (byte) 0xff;
        assertThat(decoder.decode(body, MediaType.JSON).document().path("a").asText())
                .isEqualTo("x\ufffdy");
        assertThat(json("{\"\\ud83d\":\"\\ude00\\ud83d\\ude00\"}").document())
                .hasToString("{\"\ufffd\":\"\ufffd\ud83d\ude00\"}");
    }

    @Test
    void refusesYamlThatIsNotUtf8() {
        assertThatThrownBy(() -> decoder.decode(new byte[] {'a', ':', ' ', (byte) 0xff}, MediaType.YAML))
                .hasMessage("error converting YAML to JSON: yaml: invalid leading UTF-8 octet");
    }

    @Test
    void refusesNumbersThatNothingHolds() {
        assertThatThrownBy(() -> json("{\"a\":1e999}"))
                .hasMessageEndingWith("json: cannot unmarshal number 1e999 into Go value of type float64");
        assertThatThrownBy(() -> json("{\"a\":" + "1".repeat(100_000) + "}")).isInstanceOf(DecodeException.class);
    }

    @Test
    void wantsAnObject() {
        assertThatThrownBy(() -> json("[1]"))
                .hasMessageContaining("json: cannot unmarshal array into Go value of type struct {");
        assertThat(json("null").document()).isEmpty();
    }

    @Test
    void reportsKeysThatStandTwiceAndKeepsTheLast() {
        var decoded = json("{\"spec\":{\"a\":1,\"l\":[{\"b\":1,\"b\":2}],\"a\":3}}");
        assertThat(decoded.document().at("/spec/a").intValue()).isEqualTo(3);
        assertThat(decoded.duplicates())
                .containsExactly("duplicate field \"spec.l[0].b\"", "duplicate field \"spec.a\"");
    }

    @Test
    void limitsTheDepth() {
        assertThatThrownBy(() -> json("[".repeat(100_000))).hasMessageEndingWith("exceeded max depth");
        assertThatThrownBy(() -> yaml("[".repeat(100_000))).isInstanceOf(DecodeException.class);
    }

    @Test
    void readsYamlAsUpstreamDoes() {
        var document = yaml("""
                a: yes
                b: 0644
                c: "0644"
                d: 2024-01-01
                e: [1, 2.5, ~, off, y]
                f: |
                  two
                  lines
                1: number
                true: flag
                g: &x {k: v}
                h: *x
                i:
                  <<: *x
                  l: w
                """).document();
        assertThat(Documents.text(document))
                .isEqualTo("{\"a\":true,\"b\":420,\"c\":\"0644\",\"d\":\"2024-01-01\",\"e\":[1,2.5,null,false,true],"
                        + "\"f\":\"two\\nlines\\n\",\"1\":\"number\",\"true\":\"flag\",\"g\":{\"k\":\"v\"},"
                        + "\"h\":{\"k\":\"v\"},\"i\":{\"l\":\"w\",\"k\":\"v\"}}");
    }

    @Test
    void readsTheFirstYamlDocumentOnly() {
        assertThat(yaml("---\na: 1\n---\nb: 2\n").document().fieldNames())
                .toIterable()
                .containsExactly("a");
        assertThat(yaml("# nothing\n").document()).isEmpty();
    }

    @Test
    void reportsYamlKeysThatStandTwice() {
        assertThat(yaml("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n").duplicates())
                .containsExactly(
                        "yaml: unmarshal errors:\n  line 4: key \"c\" already set in map\n  line 5: key \"a\" already"
                                + " set in map");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: b: c|mapping values are not allowed in this context",
                "'a: 1\nb: c: d'|line 2: mapping values are not allowed in this context",
                "&a [*a]|anchor 'a' value contains itself",
                "a: \"\\u|did not find expected hexdecimal number",
                "a: \"\\ud83d\"|found invalid Unicode character escape code",
                "a: !b%20 c|did not find expected tag URI",
                "'a: \u0001'|control characters are not allowed",
            })
    void saysWhatIsWrongWithYaml(String text, String message) {
        assertThatThrownBy(() -> yaml(text)).hasMessage("error converting YAML to JSON: yaml: " + message);
    }

    @Test
    void refusesYamlThatExplodes() {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
        }
        assertThatThrownBy(() -> yaml(bomb.toString())).hasMessageContaining("excessive aliasing");
    }

    @Test
    void quotesTheBodyInItsMessages() {
        assertThat(DocumentDecoder.unrecognized("Pod", "why", new byte[0]))
                .isEqualTo("the object provided is unrecognized (must be of type Pod): why (<empty>)");
        assertThat(DocumentDecoder.unrecognized("Pod", "why", bytes("bad"))).endsWith("(626164)");
        assertThat(DocumentDecoder.unrecognized("Pod", "why", bytes("{" + "x".repeat(40))))
                .endsWith("({" + "x".repeat(29) + " ...)");
    }

    private Decoded json(String text) {
        return decoder.decode(bytes(text), MediaType.JSON);
    }

    private Decoded yaml(String text) {
        return decoder.decode(bytes(text), MediaType.YAML);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
