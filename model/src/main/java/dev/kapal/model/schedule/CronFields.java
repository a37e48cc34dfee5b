package dev.kapal.model.schedule;

import dev.kapal.model.schedule.CronSchedule.Fields;
import java.util.List;
import java.util.Locale;

/// Reads the five fields of a schedule. Throws [IllegalArgumentException] with upstream's messages.
final class CronFields {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private CronFields() {}

    /// What one field may say.
    ///
    /// @param names of the values from `first` on
    private record Bounds(int first, int last, List<String> names) {}

    static Fields parse(String text) {
        var words = text.strip().split("\\s+");
        int count = text.isBlank() ? 0 : words.length;
        if (count != 5) {
            throw new IllegalArgumentException("expected exactly 5 fields, found " + count + ": ["
                    + (count == 0 ? "" : String.join(" ", words)) + "]");
        }
        return new Fields(
                bits(words[0], new Bounds(0, 59, List.of())),
                bits(words[1], new Bounds(0, 23, List.of())),
                bits(words[2], new Bounds(1, 31, List.of())),
                bits(words[3], new Bounds(1, 12, MONTHS)),
                bits(words[4], new Bounds(0, 6, DAYS)),
                isStar(words[2]) || isStar(words[4]));
    }

    private static boolean isStar(String field) {
        for (var range : field.split(",")) {
            var low = range.split("[-/]", 2)[0];
            if ((low.equals("*") || low.equals("?")) && !range.contains("/")) {
                return true;
            }
        }
        return false;
    }

    private static long bits(String field, Bounds bounds) {
        long bits = 0;
        for (var range : field.split(",")) {
            if (!range.isEmpty()) {
                bits |= range(range, bounds);
            }
        }
        return bits;
    }

    private static long range(String range, Bounds bounds) {
        var steps = range.split("/", -1);
        var ends = steps[0].split("-", -1);
        boolean star = ends[0].equals("*") || ends[0].equals("?");
        int first = star ? bounds.first() : value(ends[0], bounds);
        int last = star ? bounds.last() : first;
        if (!star && ends.length == 2) {
            last = value(ends[1], bounds);
        } else if (!star && ends.length > 2) {
            throw new IllegalArgumentException("too many hyphens: " + range);
        }
        int step = 1;
        if (steps.length == 2) {
            step = number(steps[1]);
            if (ends.length == 1 && !star) {
                last = bounds.last();
            }
        } else if (steps.length > 2) {
            throw new IllegalArgumentException("too many slashes: " + range);
        }
        check(range, first, last, step, bounds);
        long bits = 0;
        for (int i = first; i <= last; i += step) {
            bits |= 1L << i;
        }
        return bits;
    }

    private static void check(String range, int first, int last, int step, Bounds bounds) {
        if (first < bounds.first()) {
            throw new IllegalArgumentException(
                    "beginning of range (" + first + ") below minimum (" + bounds.first() + "): " + range);
        }
        if (last > bounds.last()) {
            throw new IllegalArgumentException(
                    "end of range (" + last + ") above maximum (" + bounds.last() + "): " + range);
        }
        if (first > last) {
            throw new IllegalArgumentException(
                    "beginning of range (" + first + ") beyond end of range (" + last + "): " + range);
        }
        if (step == 0) {
            throw new IllegalArgumentException("step of range should be a positive number: " + range);
        }
    }

    private static int value(String text, Bounds bounds) {
        int named = bounds.names().indexOf(text.toLowerCase(Locale.ROOT));
        return named >= 0 ? bounds.first() + named : number(text);
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number < 0) {
                throw new IllegalArgumentException("negative number (" + number + ") not allowed: " + text);
            }
            return number;
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "failed to parse int from " + text + ": strconv.Atoi: parsing \"" + text + "\": invalid syntax",
                    notANumber);
        }
    }
}
