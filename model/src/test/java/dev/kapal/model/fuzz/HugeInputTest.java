package dev.kapal.model.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.Names;
import dev.kapal.model.Quantity;
import dev.kapal.model.StringFormats;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.patch.Patches;
import dev.kapal.model.schedule.CronSchedule;
import dev.kapal.model.schedule.GoDuration;
import dev.kapal.model.select.FieldSelector;
import dev.kapal.model.select.JsonPath;
import dev.kapal.model.select.LabelSelector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What fuzzing does not reach: bodies as large as the server reads. The time for each grows with its length only, and
/// no reader goes deeper than a small stack allows.
@Timeout(120)
class HugeInputTest {
    private static final int BYTES = 3 * 1024 * 1024;

    /// A reader, and what is repeated until the body is full.
    private enum Case {
        DIGITS_OF_A_QUANTITY("", "9", "", Quantity::parse),
        DIGITS_AFTER_THE_POINT("0.", "0", "1", Quantity::parse),
        DIGITS_OF_A_NUMBER("{\"a\":", "9", "}", body(MediaType.JSON)),
        DIGITS_OF_A_FRACTION("{\"a\":0.", "9", "}", body(MediaType.JSON)),
        DIGITS_IN_YAML("a: ", "9", "", body(MediaType.YAML)),
        OCTAL_DIGITS_IN_YAML("a: 0", "7", "", body(MediaType.YAML)),
        DEEP_JSON("", "[", "", body(MediaType.JSON)),
        DEEP_YAML("", "[", "", body(MediaType.YAML)),
        DEEP_BLOCKS_OF_YAML("", "- ", "", body(MediaType.YAML)),
        DEEP_CBOR("", "\u0001", "", text -> {
            byte[] arrays = new byte[text.length()];
            Arrays.fill(arrays, (byte) 0x81);
            new DocumentDecoder().decode(arrays, MediaType.CBOR);
        }),
        EQUAL_KEYS("{", "\"a\":1,", "\"a\":2}", body(MediaType.JSON)),
        EQUAL_KEYS_IN_YAML("{", "a: 1,", "a: 2}", body(MediaType.YAML)),
        ONE_KEY("{\"", "a", "\":1}", body(MediaType.JSON)),
        ONE_TEXT("{\"a\":\"", "\\u00e9", "\"}", body(MediaType.JSON)),
        MERGE_KEYS("a: &a {b: c}\nd: {", "<<: *a,", "}", body(MediaType.YAML)),
        ALIASES("a: &a [x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x]\nb: [", "*a,", "]", body(MediaType.YAML)),
        OPERATIONS(
                "[",
                "{\"op\":\"add\",\"path\":\"/a\",\"value\":1},",
                "{}]",
                text -> Patches.json(BodyReading.pod(), bytes(text))),
        STEPS_OF_A_PATH(
                "[{\"op\":\"remove\",\"path\":\"", "/a", "\"}]", text -> Patches.json(BodyReading.pod(), bytes(text))),
        LABELS_OF_A_NAME("a", ".a", "", Names::dns1123Subdomain),
        LETTERS_OF_A_NAME("a", "a", "-", Names::qualifiedName),
        PARTS_OF_A_DURATION("", "1h", "", GoDuration::parse),
        DIGITS_OF_A_DURATION("", "9", "h", GoDuration::parse),
        WORDS_OF_A_DURATION("", "1 day ", "", text -> StringFormats.matches("duration", text)),
        BASE64("", "AAAA", "", text -> StringFormats.matches("byte", text)),
        GROUPS_OF_AN_ADDRESS("", "a:", "", text -> StringFormats.matches("ipv6", text)),
        REQUIREMENTS("a in (", "b,", "c)", LabelSelector::parse),
        FIELDS("a=b", ",a=b", "", FieldSelector::parse),
        FILTERS("", "[?(@", "", JsonPath::parse),
        STEPS("", ".a", "", JsonPath::parse),
        MINUTES("0", ",0", " * * * *", CronSchedule::parse);

        private final String before;
        private final String repeated;
        private final String after;
        private final Consumer<String> reader;

        Case(String before, String repeated, String after, Consumer<String> reader) {
            this.before = before;
            this.repeated = repeated;
            this.after = after;
            this.reader = reader;
        }

        private static Consumer<String> body(MediaType type) {
            return text -> BodyReading.complete(bytes(text), type);
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void isReadOrRefusedInTime(Case input) {
        var text = input.before + input.repeated.repeat(BYTES / input.repeated.length()) + input.after;
        try {
            input.reader.accept(text);
        } catch (RuntimeException refused) {
            assertThat(refused)
                    .isNotInstanceOfAny(
                            NullPointerException.class, ClassCastException.class, IndexOutOfBoundsException.class);
        }
    }
}
