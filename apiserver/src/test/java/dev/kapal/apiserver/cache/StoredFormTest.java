package dev.kapal.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StoredFormTest {

    @Test
    void beginsWithTheTypeAndTheMetadataWhateverTheClientSent() {
        var document = Documents.object();
        document.putObject("data").put("metadata", "{");
        document.putObject("metadata").put("name", "a").put("resourceVersion", "7");
        document.put("apiVersion", "v1").put("kind", "ConfigMap");

        assertThat(text(StoredForm.encode(document)))
                .isEqualTo("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"},"
                        + "\"data\":{\"metadata\":\"{\"}}");
    }

    @Test
    void takesAVersionInAndOut() {
        var stored = "{\"kind\":\"K\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}";

        var versioned = StoredForm.withVersion(bytes(stored), 42);

        assertThat(text(versioned))
                .isEqualTo("{\"kind\":\"K\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"42\","
                        + "\"name\":\"a\"}}");
        assertThat(text(StoredForm.withoutVersion(versioned))).isEqualTo(stored);
    }

    @Test
    void copesWithEmptyMetadata() {
        var stored = "{\"kind\":\"K\",\"apiVersion\":\"v1\",\"metadata\":{}}";

        var versioned = StoredForm.withVersion(bytes(stored), 1);

        assertThat(text(versioned)).contains("\"metadata\":{\"resourceVersion\":\"1\"}");
        assertThat(text(StoredForm.withoutVersion(versioned))).isEqualTo(stored);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
