package dev.kapal.agent.pod;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The last words of a container: what it wrote to its termination message file, or the end of its log.
///
/// Source: Container API, `terminationMessagePath` and `terminationMessagePolicy`; CRI log format.
final class TerminationMessages {
    private static final int MOST_BYTES = 4096;
    private static final int MOST_LOG_BYTES = 2048;
    private static final int MOST_LOG_LINES = 80;

    private TerminationMessages() {}

    static String of(Optional<Path> file, boolean fallBackToLog, Path log, int exitCode) {
        var written = file.map(path -> head(path, MOST_BYTES)).orElse("");
        if (!written.isEmpty() || !fallBackToLog || exitCode == 0) {
            return written;
        }
        return tail(log);
    }

    private static String head(Path file, int bytes) {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "Error on reading termination log " + file + ": " + unreadable.getMessage();
        }
    }

    private static String tail(Path log) {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            // every line carries a time stamp and two words besides what was logged
            long window = MOST_LOG_BYTES + MOST_LOG_LINES * 48L;
            long from = Math.max(0, file.length() - window);
            file.seek(from);
            var bytes = new byte[(int) (file.length() - from)];
            file.readFully(bytes);
            var lines = new ArrayList<>(
                    new String(bytes, StandardCharsets.UTF_8).lines().toList());
            if (from > 0 && !lines.isEmpty()) {
                lines.removeFirst();
            }
            return text(lines);
        } catch (IOException unreadable) {
            return "Error on reading termination message from logs: " + unreadable.getMessage();
        }
    }

    /// `<time> <stream> <F|P> <text>`: a partial line goes on in the next.
    static String text(List<String> lines) {
        var out = new StringBuilder();
        int from = Math.max(0, lines.size() - MOST_LOG_LINES);
        for (var line : lines.subList(from, lines.size())) {
            var parts = line.split(" ", 4);
            if (parts.length == 4) {
                out.append(parts[3]);
                if (parts[2].startsWith("F")) {
                    out.append('\n');
                }
            }
        }
        return out.substring(Math.max(0, out.length() - MOST_LOG_BYTES));
    }
}
