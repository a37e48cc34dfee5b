package dev.kapal.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One line of `/proc/self/mountinfo`. Immutable.
///
/// Source: proc(5), /proc/pid/mountinfo.
public record Mount(Path target, String type, String source, boolean readOnly, List<String> superOptions) {
    public Mount {
        superOptions = List.copyOf(superOptions);
    }

    /// All mounts of the file's lines, in the order they were made.
    static List<Mount> parse(List<String> lines) {
        var mounts = new ArrayList<Mount>();
        for (var line : lines) {
            // 36 35 98:0 /root /target rw,noatime shared:1 - ext4 /dev/sda rw,errors=continue
            var halves = line.split(" - ", 2);
            var left = halves[0].split(" ");
            var right = halves[1].split(" ");
            mounts.add(new Mount(
                    Path.of(unescaped(left[4])),
                    right[0],
                    unescaped(right[1]),
                    List.of(left[5].split(",")).contains("ro"),
                    right.length > 2 ? List.of(right[2].split(",")) : List.of()));
        }
        return mounts;
    }

    /// Blanks, tabs, line feeds and backslashes are written as three octal digits.
    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 3 < text.length()) {
                out.append((char) Integer.parseInt(text, i + 1, i + 4, 8));
                i += 3;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
