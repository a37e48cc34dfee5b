package dev.kapal.apiserver.strategy.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Indexes of a job's pods as one text, like `1,3-5`: each once and in order, from 0 to one below the completions.
/// Source: batch/v1 API reference, JobStatus.
final class JobIndexes {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

    private JobIndexes() {}

    private record Interval(long first, long last) {
        boolean overlaps(Interval other) {
            return first <= other.last && other.first <= last;
        }
    }

    /// How many indexes the text names. Throws [IllegalArgumentException] with upstream's message.
    static long count(String text, long completions) {
        long total = 0;
        long last = -1;
        for (var part : parts(text)) {
            var interval = interval(part, completions);
            if (last >= interval.first()) {
                throw unordered(last, interval.first());
            }
            last = interval.last();
            total += interval.last() - interval.first() + 1;
        }
        return total;
    }

    /// An index that is in both texts; what is malformed is passed over.
    static OptionalLong common(String text, String other, long completions) {
        var left = intervals(text, completions);
        var right = intervals(other, completions);
        int i = 0;
        int j = 0;
        while (i < left.size() && j < right.size()) {
            var one = left.get(i);
            var two = right.get(j);
            if (one.overlaps(two)) {
                return OptionalLong.of(Math.max(one.first(), two.first()));
            }
            if (one.first() <= two.first()) {
                i++;
            } else {
                j++;
            }
        }
        return OptionalLong.empty();
    }

    private static List<Interval> intervals(String text, long completions) {
        var intervals = new ArrayList<Interval>();
        for (var part : parts(text)) {
            try {
                intervals.add(interval(part, completions));
            } catch (IllegalArgumentException malformed) {
                // another rule refuses it
            }
        }
        return intervals;
    }

    private static List<String> parts(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    private static Interval interval(String part, long completions) {
        var ends = part.split("-", -1);
        if (ends.length > 2) {
            throw new IllegalArgumentException("the fragment \"" + part
                    + "\" violates the requirement that an index interval can have at most two parts separated by '-'");
        }
        long first = index(ends[0], completions);
        if (ends.length == 1) {
            return new Interval(first, first);
        }
        long last = index(ends[1], completions);
        if (first >= last) {
            throw unordered(first, last);
        }
        return new Interval(first, last);
    }

    private static long index(String text, long completions) {
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("cannot convert string to integer for index: \"" + text + "\"");
        }
        long index = Long.parseLong(text);
        if (index >= completions) {
            throw new IllegalArgumentException("too large index: \"" + text + "\"");
        }
        return index;
    }

    private static IllegalArgumentException unordered(long previous, long current) {
        return new IllegalArgumentException("non-increasing order, previous: " + previous + ", current: " + current);
    }
}
