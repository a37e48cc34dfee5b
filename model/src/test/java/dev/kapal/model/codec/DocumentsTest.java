package dev.kapal.model.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.RandomDocuments;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DocumentsTest {

    @Property
    void jsonComesBackAsItWas(@ForAll long seed) {
        var document = new RandomDocuments(new Random(seed), true).object(5);
        assertThat(Documents.read(Documents.json(document))).isEqualTo(document);
    }

    @Property(tries = 500)
    void yamlComesBackAsItWas(@ForAll long seed) {
        var document = new RandomDocuments(new Random(seed), true).object(5);
        assertThat(new DocumentDecoder()
                        .decode(Documents.yaml(document), MediaType.YAML)
                        .document())
                .isEqualTo(document);
    }

    @Test
    void yamlIsSortedAndPlain() {
        var document =
                Documents.object().put("b", "x").put("a", "1").put("c", "true").put("n", 1.5);
        assertThat(new String(Documents.yaml(document), StandardCharsets.UTF_8))
                .isEqualTo("a: \"1\"\nb: x\nc: \"true\"\n\"n\": 1.5\n");
    }
}
