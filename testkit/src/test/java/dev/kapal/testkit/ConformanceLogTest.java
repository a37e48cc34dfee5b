package dev.kapal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class ConformanceLogTest {
    @Test
    void everyBehaviourHasAnIdOfItsOwn() throws IOException {
        var ids = new HashSet<String>();
        try (var in = ConformanceLog.class.getResourceAsStream("behaviours.tsv")) {
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text.lines().skip(1)).isNotEmpty().allMatch(line -> ids.add(line.split("\t", 2)[0]));
        }
    }
}
