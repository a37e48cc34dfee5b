package dev.kapal.model.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.Trees;
import org.junit.jupiter.api.Test;

class GoTextTest {

    @Test
    void quotes() {
        assertThat(GoText.quote("a\"b\\c\nd\u0001é✓\u200b\u00a0\t"))
                .isEqualTo("\"a\\\"b\\\\c\\nd\\x01é✓\\u200b\\u00a0\\t\"");
    }

    @Test
    void printsTrees() {
        assertThat(GoText.value(Trees.tree("{b: [x, 1], a: {c: null}, d: true}")))
                .isEqualTo("map[a:map[c:<nil>] b:[x 1] d:true]");
    }
}
