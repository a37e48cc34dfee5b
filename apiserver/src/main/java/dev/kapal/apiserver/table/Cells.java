package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.api.SelectorText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// How single values are shown, the same for all kinds.
final class Cells {
    static final String NONE = "<none>";
    static final String UNKNOWN = "<unknown>";
    static final String UNSET = "<unset>";

    /// How many of many are named before only their number is given.
    private static final int SHOWN = 3;

    private Cells() {}

    static String name(JsonNode object) {
        return object.path("metadata").path("name").asText("");
    }

    static String age(JsonNode object, Instant now) {
        return since(object.path("metadata").path("creationTimestamp"), now);
    }

    /// How long ago a timestamp was.
    static String since(JsonNode timestamp, Instant now) {
        var text = timestamp.asText("");
        if (text.isEmpty() || timestamp.isNull()) {
            return UNKNOWN;
        }
        try {
            return duration(Duration.between(Instant.parse(text), now));
        } catch (DateTimeException malformed) {
            return UNKNOWN;
        }
    }

    /// Two units at most, the smaller one only while the larger is small: `5m10s`, `3h`, `2d4h`.
    static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 120) {
            return Math.max(0, seconds) + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 180) {
            return minutes < 10 ? two(minutes, "m", seconds % 60, "s") : minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 48) {
            return hours < 8 ? two(hours, "h", minutes % 60, "m") : hours + "h";
        }
        long days = hours / 24;
        if (days < 730) {
            return days < 8 ? two(days, "d", hours % 24, "h") : days + "d";
        }
        long years = days / 365;
        return years < 8 ? two(years, "y", days % 365, "d") : years + "y";
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : small + smallUnit);
    }

    static String orNone(JsonNode value) {
        return or(value, NONE);
    }

    static String or(JsonNode value, String otherwise) {
        var text = value.asText("");
        return text.isEmpty() ? otherwise : text;
    }

    /// A switch that may be absent: `True`, `False`.
    static String flag(JsonNode value) {
        if (!value.isBoolean()) {
            return UNSET;
        }
        return value.booleanValue() ? "True" : "False";
    }

    /// `a=b,c=d`.
    static String labels(JsonNode labels) {
        var parts = new ArrayList<String>();
        labels.properties()
                .forEach(e -> parts.add(e.getKey() + "=" + e.getValue().asText()));
        parts.sort(null);
        return parts.isEmpty() ? NONE : String.join(",", parts);
    }

    /// A label selector: `app=web,tier in (a,b)`.
    static String selector(JsonNode selector) {
        var text = SelectorText.of(selector);
        return text.isEmpty() ? NONE : text;
    }

    static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    /// Where load balancers are: each address or host name once, in order.
    static Set<String> balancers(JsonNode status) {
        var places = new TreeSet<String>();
        for (var point : status.path("ingress")) {
            var place = or(point.path("ip"), point.path("hostname").asText(""));
            if (!place.isEmpty()) {
                places.add(place);
            }
        }
        return places;
    }

    /// `field` of each item, comma-separated.
    static String each(JsonNode items, String field) {
        var texts = new ArrayList<String>();
        items.forEach(item -> texts.add(item.path(field).asText("")));
        return String.join(",", texts);
    }

    /// The first few, and how many more there are.
    static String some(List<String> all, String whenEmpty) {
        if (all.isEmpty()) {
            return whenEmpty;
        }
        var shown = String.join(",", all.subList(0, Math.min(SHOWN, all.size())));
        return all.size() > SHOWN ? shown + " + " + (all.size() - SHOWN) + " more..." : shown;
    }
}
