package dev.kapal.model.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kapal.model.Quantity;
import dev.kapal.model.select.FieldSelector;
import dev.kapal.model.select.JsonPath;
import dev.kapal.model.select.LabelSelector;
import dev.kapal.model.select.SelectorException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;

/// The small languages within requests and objects.
@Timeout(60)
class SelectorFuzzTest {
    @FuzzTest
    void isReadOrRefused(byte[] input) {
        var text = new String(input, StandardCharsets.UTF_8);
        feed(text, label -> LabelSelector.parse(label).test(Map.of("app", "web")));
        feed(text, field -> FieldSelector.parse(field).matches(name -> "a"));
        feed(text, path -> JsonPath.parse(path).find(BodyReading.pod()));
        feed(text, quantity -> assertThat(Quantity.parse(quantity).toString()).isNotEmpty());
    }

    private static void feed(String text, Consumer<String> reader) {
        try {
            reader.accept(text);
        } catch (SelectorException | IllegalArgumentException refused) {
            // as it should be
        }
    }
}
