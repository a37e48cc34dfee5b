package dev.kapal.cel.library;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.kapal.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.BinaryOperator;

/// `quantity`, `isQuantity`, arithmetic and comparison of amounts. Source: Kubernetes CEL library, quantity.
final class Quantities {
    static final OpaqueType QUANTITY = OpaqueType.create("kubernetes.Quantity");

    private static final List<CelType> ONE = List.of(QUANTITY);
    private static final List<CelType> TWO = List.of(QUANTITY, QUANTITY);
    private static final List<CelType> AND_INT = List.of(QUANTITY, SimpleType.INT);

    private Quantities() {}

    static FunctionSet functions() {
        return new FunctionSet()
                .global(
                        "quantity",
                        "string_to_quantity",
                        QUANTITY,
                        List.of(SimpleType.STRING),
                        args -> Quantity.parse((String) args[0]))
                .global(
                        "isQuantity",
                        "is_quantity_string",
                        SimpleType.BOOL,
                        List.of(SimpleType.STRING),
                        args -> isQuantity((String) args[0]))
                .member("sign", "quantity_sign", SimpleType.INT, ONE, args ->
                        (long) amount(args[0]).signum())
                .member("isInteger", "quantity_is_integer", SimpleType.BOOL, ONE, args -> isInteger(amount(args[0])))
                .member("asInteger", "quantity_as_integer", SimpleType.INT, ONE, args -> asInteger(amount(args[0])))
                .member(
                        "asApproximateFloat",
                        "quantity_as_float",
                        SimpleType.DOUBLE,
                        ONE,
                        args -> amount(args[0]).doubleValue())
                .member("isLessThan", "quantity_is_less_than", SimpleType.BOOL, TWO, args -> compare(args) < 0)
                .member("isGreaterThan", "quantity_is_greater_than", SimpleType.BOOL, TWO, args -> compare(args) > 0)
                .member("compareTo", "quantity_compare_to", SimpleType.INT, TWO, args -> (long) compare(args))
                .member("add", "quantity_add", QUANTITY, TWO, args -> with(args, Quantity::add))
                .member("add", "quantity_add_int", QUANTITY, AND_INT, args -> with(args, Quantity::add))
                .member("sub", "quantity_sub", QUANTITY, TWO, args -> with(args, Quantity::subtract))
                .member("sub", "quantity_sub_int", QUANTITY, AND_INT, args -> with(args, Quantity::subtract));
    }

    private static boolean isQuantity(String text) {
        try {
            Quantity.parse(text);
            return true;
        } catch (IllegalArgumentException no) {
            return false;
        }
    }

    private static BigDecimal amount(Object quantity) {
        return ((Quantity) quantity).amount();
    }

    private static boolean isInteger(BigDecimal amount) {
        return amount.stripTrailingZeros().scale() <= 0 && amount.toBigInteger().bitLength() < Long.SIZE;
    }

    private static long asInteger(BigDecimal amount) {
        if (!isInteger(amount)) {
            throw new IllegalArgumentException("cannot convert value to integer");
        }
        return amount.longValueExact();
    }

    private static int compare(Object[] args) {
        return amount(args[0]).compareTo(amount(args[1]));
    }

    private static Quantity with(Object[] args, BinaryOperator<Quantity> operation) {
        var other = args[1] instanceof Long number
                ? new Quantity(BigDecimal.valueOf(number), Quantity.Format.DECIMAL_SI)
                : (Quantity) args[1];
        return operation.apply((Quantity) args[0], other);
    }
}
