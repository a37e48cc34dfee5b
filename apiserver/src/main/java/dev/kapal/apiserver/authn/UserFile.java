package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads files of `secret,user,uid,"group,group"` (RFC 4180). Pure but for reading the file.
final class UserFile {
    private UserFile() {}

    /// @param secret a token or a password
    record Line(String secret, User user) {}

    /// @throws IllegalArgumentException when a line makes no sense; its message is for the user
    static List<Line> read(Path file) throws IOException {
        var lines = new ArrayList<Line>();
        int number = 0;
        for (var text : Files.readAllLines(file)) {
            number++;
            if (!text.isBlank()) {
                lines.add(line(fields(text), file, number));
            }
        }
        return lines;
    }

    private static Line line(List<String> fields, Path file, int number) {
        if (fields.size() < 3) {
            throw new IllegalArgumentException(
                    "%s:%d: must have at least 3 columns (secret, user name, user uid), found %d"
                            .formatted(file, number, fields.size()));
        }
        if (fields.getFirst().isEmpty()) {
            throw new IllegalArgumentException("%s:%d: the secret is empty".formatted(file, number));
        }
        var groups = fields.size() > 3 && !fields.get(3).isEmpty()
                ? List.of(fields.get(3).split(","))
                : List.<String>of();
        return new Line(fields.get(0), new User(fields.get(1), fields.get(2), groups, Map.of()));
    }

    static List<String> fields(String line) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString().strip());
        return fields;
    }
}
