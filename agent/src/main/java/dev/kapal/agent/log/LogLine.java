package dev.kapal.agent.log;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;

/// One line of a log file. A longer line of the container comes in parts: all but the last have no line end in `text`.
///
/// @param text with its line end, if it has one
record LogLine(OffsetDateTime time, LogStream stream, byte[] text) {
    /// Nine digits always, so that times sort as text.
    private static final DateTimeFormatter FIXED = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX");

    private static final byte SPACE = ' ';
    private static final byte END = '\n';

    /// Reads a line of the file, its line end included; empty for what is no line of a log.
    static Optional<LogLine> parse(byte[] line) {
        int first = indexOfSpace(line, 0);
        int second = first < 0 ? -1 : indexOfSpace(line, first + 1);
        int third = second < 0 ? -1 : indexOfSpace(line, second + 1);
        if (third < 0) {
            return Optional.empty();
        }
        var stream = stream(text(line, first + 1, second));
        if (stream.isEmpty()) {
            return Optional.empty();
        }
        OffsetDateTime time;
        try {
            time = OffsetDateTime.parse(text(line, 0, first));
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
        // More tags may follow the first one, after colons.
        boolean isPartial = line[second + 1] == 'P' && (third == second + 2 || line[second + 2] == ':');
        int end = isPartial && line[line.length - 1] == END ? line.length - 1 : line.length;
        return Optional.of(new LogLine(time, stream.get(), Arrays.copyOfRange(line, third + 1, end)));
    }

    boolean endsLine() {
        return text.length > 0 && text[text.length - 1] == END;
    }

    byte[] textAfterTime() {
        var prefix = (FIXED.format(time) + " ").getBytes(StandardCharsets.US_ASCII);
        var both = Arrays.copyOf(prefix, prefix.length + text.length);
        System.arraycopy(text, 0, both, prefix.length, text.length);
        return both;
    }

    private static Optional<LogStream> stream(String word) {
        return Arrays.stream(LogStream.values())
                .filter(stream -> stream.word().equals(word))
                .findFirst();
    }

    private static int indexOfSpace(byte[] line, int from) {
        for (int i = from; i < line.length; i++) {
            if (line[i] == SPACE) {
                return i;
            }
        }
        return -1;
    }

    private static String text(byte[] line, int from, int to) {
        return new String(line, from, to - from, StandardCharsets.US_ASCII);
    }
}
