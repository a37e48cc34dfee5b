package dev.kapal.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/// Header fields in order; names compare without case. Immutable; any thread. Looked up by scanning: messages have
/// few.
public final class Headers {
    public static final Headers NONE = new Headers(new String[0]);

    /// Name, value, name, value, …
    private final String[] fields;

    private Headers(String[] fields) {
        this.fields = fields;
    }

    public static Headers of(String... namesAndValues) {
        var builder = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /// @param fields name, value, name, value, …: checked by whoever read them; not copied
    static Headers trusted(String[] fields) {
        return fields.length == 0 ? NONE : new Headers(fields);
    }

    public static Builder builder() {
        return new Builder();
    }

    public Optional<String> first(String name) {
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                return Optional.of(fields[i + 1]);
            }
        }
        return Optional.empty();
    }

    public List<String> all(String name) {
        var values = new ArrayList<String>(2);
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                values.add(fields[i + 1]);
            }
        }
        return values;
    }

    public boolean has(String name) {
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /// Whether a comma-separated field such as `Connection` names `token`, in any case.
    public boolean lists(String name, String token) {
        return tokens(name).stream().anyMatch(token::equalsIgnoreCase);
    }

    /// The parts of a comma-separated field, trimmed.
    public List<String> tokens(String name) {
        return all(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /// The different names, as first written.
    public Set<String> names() {
        var seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        var names = new LinkedHashSet<String>();
        forEach((name, value) -> {
            if (seen.add(name)) {
                names.add(name);
            }
        });
        return names;
    }

    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < fields.length; i += 2) {
            action.accept(fields[i], fields[i + 1]);
        }
    }

    /// These headers with one more field.
    public Headers with(String name, String value) {
        return toBuilder().add(name, value).build();
    }

    public Builder toBuilder() {
        var builder = new Builder();
        builder.fields.addAll(Arrays.asList(fields));
        return builder;
    }

    public boolean isEmpty() {
        return fields.length == 0;
    }

    /// Names only: values may be secrets.
    @Override
    public String toString() {
        return names().toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers that && Arrays.equals(fields, that.fields);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fields);
    }

    /// Gathers fields. Not thread-safe.
    public static final class Builder {
        private final List<String> fields = new ArrayList<>();

        private Builder() {}

        /// @throws IllegalArgumentException for a name or value that would break out of its line
        public Builder add(String name, String value) {
            fields.add(checkedName(name));
            fields.add(checkedValue(value));
            return this;
        }

        /// As [#add], in place of what was there under this name.
        public Builder set(String name, String value) {
            return remove(name).add(name, value);
        }

        public Builder addAll(Headers headers) {
            fields.addAll(Arrays.asList(headers.fields));
            return this;
        }

        public Builder remove(String name) {
            for (int i = fields.size() - 2; i >= 0; i -= 2) {
                if (fields.get(i).equalsIgnoreCase(name)) {
                    fields.remove(i + 1);
                    fields.remove(i);
                }
            }
            return this;
        }

        public Headers build() {
            return fields.isEmpty() ? NONE : new Headers(fields.toArray(String[]::new));
        }

        private static String checkedName(String name) {
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (c <= ' ' || c >= 0x7f || c == ':' && i > 0) {
                    throw new IllegalArgumentException("not a header name");
                }
            }
            if (name.isEmpty()) {
                throw new IllegalArgumentException("not a header name");
            }
            return name;
        }

        private static String checkedValue(String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c == '\r' || c == '\n' || c == 0) {
                    throw new IllegalArgumentException("not a header value");
                }
            }
            return value;
        }
    }
}
