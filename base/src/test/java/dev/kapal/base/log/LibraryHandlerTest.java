package dev.kapal.base.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LibraryHandlerTest {
    private static final Instant NOON = Instant.parse("2025-01-01T12:00:00Z");

    private final List<String> lines = new ArrayList<>();
    private final LibraryHandler handler = new LibraryHandler(new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(new LogFormat().format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    });

    private void say(Instant when, Throwable thrown, Object parameter) {
        var said = new LogRecord(Level.WARNING, "trouble with {0}");
        said.setLoggerName("io.netty.channel.Pipeline");
        said.setInstant(when);
        said.setParameters(new Object[] {parameter});
        said.setThrown(thrown);
        handler.publish(said);
    }

    @Test
    void aPeerThatBreaksOffIsOneLine() {
        say(NOON, new IllegalStateException(new IOException("reset")), "id-1");
        assertThat(lines)
                .containsExactly("2025-01-01T12:00:00Z WARN base.log.LibraryHandler \"trouble on the network\""
                        + " library=io.netty.channel.Pipeline says=\"trouble with id-1\""
                        + " why=\"java.lang.IllegalStateException: java.io.IOException: reset\"\n");
    }

    @Test
    void repeatsAreCountedAndNotSaid() {
        for (int i = 0; i < 500; i++) {
            say(NOON, null, i);
        }
        say(NOON.plusSeconds(60), null, "id-2");
        assertThat(lines).hasSize(2);
        assertThat(lines.getLast()).endsWith("says=\"trouble with id-2\" left_out=499\n");
    }

    @Test
    void aDefectKeepsItsTrace() {
        say(NOON, new NullPointerException("ours"), "id-1");
        assertThat(lines.getFirst()).contains("at dev.kapal.base.log.LibraryHandlerTest.aDefectKeepsItsTrace");
    }
}
