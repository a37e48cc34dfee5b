package dev.kapal.model.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchCheckTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}            | json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp
                    ["a"]         | json: cannot unmarshal string into Go value of type handlers.jsonPatchOp
                    [{"op": 1}]   | json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string
                    [{"path": []}] | json: cannot unmarshal array into Go struct field jsonPatchOp.path of type string
                    {bad          | invalid character 'b' looking for beginning of object key string
                    """)
    void saysWhyAJsonPatchCannotBeDecoded(String patch, String why) {
        assertThatThrownBy(() -> PatchCheck.json(bytes(patch)))
                .isInstanceOfSatisfying(
                        PatchException.class, e -> assertThat(e.code()).isEqualTo(400))
                .hasMessage("error decoding patch: " + why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    []   | json: cannot unmarshal array into Go value of type map[string]interface {}
                    {bad | invalid character 'b' looking for beginning of object key string
                    """)
    void saysWhyAMergePatchCannotBeDecoded(String patch, String why) {
        assertThatThrownBy(() -> PatchCheck.merge(bytes(patch))).hasMessage("error decoding patch: " + why);
    }

    @Test
    void findsWhatNoOperationHasAndWhatIsSaidTwice() {
        var patch = "[{\"op\":\"add\",\"path\":\"/a\",\"value\":1,\"foo\":\"bar\"},"
                + "{\"op\":\"add\",\"path\":\"/b\",\"path\":\"/c\",\"value\":1},null]";
        assertThat(PatchCheck.json(bytes(patch)))
                .containsExactly("json patch unknown field \"[0].foo\"", "json patch duplicate field \"[1].path\"");
        assertThat(PatchCheck.json(bytes("null"))).isEmpty();
        for (var findings : List.of(
                PatchCheck.merge(bytes("{\"a\":{\"b\":1,\"b\":2}}")),
                PatchCheck.strategic(bytes("{\"a\":{\"b\":1,\"b\":2}}")))) {
            assertThat(findings).containsExactly("duplicate field \"a.b\"");
        }
    }
}
