package dev.kapal.cel.library;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.common.values.CelByteString;
import java.time.Duration;
import java.util.List;

/// `isSorted`, `sum`, `min`, `max`, `indexOf`, `lastIndexOf`. Source: Kubernetes CEL library, lists.
final class Lists {
    private static final TypeParamType ITEM = TypeParamType.create("T");
    private static final CelType LIST = ListType.create(ITEM);

    private Lists() {}

    static FunctionSet functions() {
        return new FunctionSet()
                .member("isSorted", "list_is_sorted", SimpleType.BOOL, List.of(LIST), args -> isSorted(list(args)))
                .member("sum", "list_sum", ITEM, List.of(LIST), args -> sum(list(args)))
                .member("min", "list_min", ITEM, List.of(LIST), args -> extreme(list(args), -1, "min"))
                .member("max", "list_max", ITEM, List.of(LIST), args -> extreme(list(args), 1, "max"))
                .member(
                        "indexOf",
                        "list_index_of",
                        SimpleType.INT,
                        List.of(LIST, ITEM),
                        args -> indexOf(list(args), args[1]))
                .member(
                        "lastIndexOf",
                        "list_last_index_of",
                        SimpleType.INT,
                        List.of(LIST, ITEM),
                        args -> lastIndexOf(list(args), args[1]));
    }

    private static List<?> list(Object[] args) {
        return (List<?>) args[0];
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object sum(List<?> list) {
        if (list.isEmpty()) {
            return 0L;
        }
        Object sum = list.getFirst();
        for (var item : list.subList(1, list.size())) {
            sum = plus(sum, item);
        }
        return sum;
    }

    private static Object plus(Object sum, Object item) {
        return switch (sum) {
            case Long a when item instanceof Long b -> Math.addExact(a, b);
            case Double a when item instanceof Double b -> a + b;
            case UnsignedLong a when item instanceof UnsignedLong b -> a.plus(b);
            case Duration a when item instanceof Duration b -> a.plus(b);
            default -> throw new IllegalArgumentException("no such overload");
        };
    }

    private static Object extreme(List<?> list, int sign, String name) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException(name + " called on empty list");
        }
        Object found = list.getFirst();
        for (var item : list) {
            if (compare(item, found) * sign > 0) {
                found = item;
            }
        }
        return found;
    }

    private static int compare(Object one, Object other) {
        return switch (one) {
            case Long a when other instanceof Long b -> a.compareTo(b);
            case Double a when other instanceof Double b -> a.compareTo(b);
            case Long a when other instanceof Double b -> Double.compare(a, b);
            case Double a when other instanceof Long b -> Double.compare(a, b);
            case CelByteString a
            when other instanceof CelByteString b ->
                CelByteString.unsignedLexicographicalComparator().compare(a, b);
            case Comparable<?> a when a.getClass() == other.getClass() -> natural(a, other);
            default -> throw new IllegalArgumentException("no such overload");
        };
    }

    @SuppressWarnings("unchecked") // both are of the same comparable class
    private static int natural(Comparable<?> one, Object other) {
        return ((Comparable<Object>) one).compareTo(other);
    }

    private static long indexOf(List<?> list, Object item) {
        for (int i = 0; i < list.size(); i++) {
            if (Equality.equal(list.get(i), item)) {
                return i;
            }
        }
        return -1;
    }

    private static long lastIndexOf(List<?> list, Object item) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (Equality.equal(list.get(i), item)) {
                return i;
            }
        }
        return -1;
    }
}
