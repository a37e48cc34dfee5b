package dev.kapal.cel.library;

import com.google.common.primitives.UnsignedLong;
import dev.kapal.cel.value.ListView;
import dev.kapal.model.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/// Whether two values are the same. Numbers compare by what they say, whatever their type; lists that a schema calls
/// sets or maps compare without order. Source: Kubernetes CEL, equality of list types.
public final class Equality {
    private Equality() {}

    public static boolean equal(Object one, Object other) {
        return switch (one) {
            case Number a when other instanceof Number b -> numbers(a, b);
            case List<?> a when other instanceof List<?> b -> lists(a, b);
            case Map<?, ?> a when other instanceof Map<?, ?> b -> maps(a, b);
            case Optional<?> a
            when other instanceof Optional<?> b ->
                a.isPresent() == b.isPresent() && (a.isEmpty() || equal(a.get(), b.get()));
            default -> one.equals(other);
        };
    }

    private static boolean numbers(Number one, Number other) {
        if (one instanceof Long a && other instanceof Long b) {
            return a.longValue() == b.longValue();
        }
        if (one instanceof UnsignedLong a && other instanceof Long b) {
            return b >= 0 && a.longValue() == b;
        }
        if (one instanceof Long && other instanceof UnsignedLong) {
            return numbers(other, one);
        }
        if (one instanceof UnsignedLong a && other instanceof UnsignedLong b) {
            return a.equals(b);
        }
        return one.doubleValue() == other.doubleValue();
    }

    private static boolean lists(List<?> one, List<?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        var kind = listType(one).or(() -> listType(other));
        if (kind.isPresent() && kind.get().listType() != Schema.ListType.ATOMIC) {
            return withoutOrder(one, other);
        }
        for (int i = 0; i < one.size(); i++) {
            if (!equal(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Schema> listType(List<?> list) {
        return list instanceof ListView view ? view.schema() : Optional.empty();
    }

    private static boolean withoutOrder(List<?> one, List<?> other) {
        var rest = new ArrayList<Object>(other);
        for (var item : one) {
            boolean found = false;
            for (int i = 0; i < rest.size() && !found; i++) {
                if (equal(item, rest.get(i))) {
                    rest.remove(i);
                    found = true;
                }
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    private static boolean maps(Map<?, ?> one, Map<?, ?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (var entry : one.entrySet()) {
            var value = other.get(entry.getKey());
            if (value == null || !equal(entry.getValue(), value)) {
                return false;
            }
        }
        return true;
    }

    /// `one + other`: a set gets what it has not, a map's items are replaced by those of the same keys.
    static List<Object> both(List<?> one, List<?> other) {
        var kind = listType(one).map(Schema::listType).orElse(Schema.ListType.ATOMIC);
        var result = new ArrayList<Object>(one);
        for (var item : other) {
            int at = switch (kind) {
                case ATOMIC -> -1;
                case SET -> indexOf(result, present -> equal(present, item));
                case MAP -> {
                    var keys = listType(one).orElseThrow().listMapKeys();
                    yield indexOf(result, present -> sameKeys(keys, present, item));
                }
            };
            if (at < 0) {
                result.add(item);
            } else {
                result.set(at, item);
            }
        }
        return result;
    }

    private static int indexOf(List<?> list, Predicate<Object> wanted) {
        for (int i = 0; i < list.size(); i++) {
            if (wanted.test(list.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean sameKeys(List<String> keys, Object one, Object other) {
        return one instanceof Map<?, ?> a
                && other instanceof Map<?, ?> b
                && keys.stream().allMatch(key -> Objects.equals(a.get(key), b.get(key)));
    }
}
