package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Problem;
import dev.kapal.model.Problem.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Gathers what is wrong with one document. Used by one thread.
public final class Problems {
    public static final String IMMUTABLE = "field is immutable";

    private final List<Problem> found = new ArrayList<>();

    public List<Problem> found() {
        return found;
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public void addAll(Problems others) {
        found.addAll(others.found);
    }

    /// The same of another field.
    public void addAt(String path, Problems others) {
        others.found.forEach(p -> found.add(new Problem(p.type(), path, p.value(), p.detail())));
    }

    public void required(String path, String detail) {
        found.add(new Problem(Type.REQUIRED, path, null, detail));
    }

    public void invalid(String path, Object value, String detail) {
        found.add(new Problem(Type.INVALID, path, value, detail));
    }

    /// A field that keeps its value for ever.
    public void unchanged(String path, JsonNode now, JsonNode before) {
        if (!now.equals(before)) {
            invalid(path, now.isMissingNode() ? null : now, IMMUTABLE);
        }
    }

    /// Text that is not of the form of its type.
    public void wrongType(String path, Object value, String detail) {
        found.add(new Problem(Type.TYPE_INVALID, path, value, detail));
    }

    /// One problem per message.
    public void invalid(String path, Object value, List<String> details) {
        details.forEach(detail -> invalid(path, value, detail));
    }

    /// All messages in one problem.
    public void invalidTogether(String path, Object value, List<String> details) {
        if (!details.isEmpty()) {
            invalid(path, value, String.join(";", details));
        }
    }

    public void forbidden(String path, String detail) {
        found.add(new Problem(Type.FORBIDDEN, path, null, detail));
    }

    public void duplicate(String path, Object value) {
        duplicate(path, value, "");
    }

    public void duplicate(String path, Object value, String detail) {
        found.add(new Problem(Type.DUPLICATE, path, value, detail));
    }

    public void notFound(String path, Object value) {
        notFound(path, value, "");
    }

    public void notFound(String path, Object value, String detail) {
        found.add(new Problem(Type.NOT_FOUND, path, value, detail));
    }

    public void tooMany(String path, int actual, int limit) {
        found.add(new Problem(Type.TOO_MANY, path, actual, "must have at most " + limit + " items"));
    }

    public void tooLong(String path, int limit) {
        found.add(new Problem(Type.TOO_LONG, path, null, "may not be more than " + limit + " bytes"));
    }

    /// @param supported in the order in which upstream names them
    public void notSupported(String path, Object value, Collection<String> supported) {
        var quoted = supported.stream().map(s -> '"' + s + '"').toList();
        found.add(new Problem(Type.NOT_SUPPORTED, path, value, "supported values: " + String.join(", ", quoted)));
    }

    /// A value out of a closed set; an empty one is required.
    public void oneOf(String path, String value, List<String> supported) {
        if (value.isEmpty()) {
            required(path, "");
        } else if (!supported.contains(value)) {
            notSupported(path, value, supported);
        }
    }

    public void notNegative(String path, long value) {
        if (value < 0) {
            invalid(path, value, "must be greater than or equal to 0");
        }
    }

    public void port(String path, long port) {
        if (port < 1 || port > 65535) {
            invalid(path, port, "must be between 1 and 65535, inclusive");
        }
    }

    /// `path[key]` for each entry is checked by the caller; this gives that path.
    public static String at(String path, String key) {
        return path + "[" + key + "]";
    }

    public static String at(String path, int index) {
        return path + "[" + index + "]";
    }
}
