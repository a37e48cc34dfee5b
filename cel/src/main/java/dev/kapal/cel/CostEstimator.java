package dev.kapal.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The most that an expression can cost, told from its form and from the sizes that schemas allow. One expression, one
/// thread. Source: cel-go's estimate of cost; Kubernetes' estimates for its functions.
final class CostEstimator {
    private static final double TEXT = 0.1;
    private static final double REGEX = 0.25;
    private static final double UNKNOWN = 1.8446744073709552E19;

    private final CelAbstractSyntaxTree ast;
    /// What variables hold, those of comprehensions too.
    private final Map<String, Extent> variables = new HashMap<>();
    private final Map<Long, Range> sizes = new HashMap<>();

    private CostEstimator(CelAbstractSyntaxTree ast) {
        this.ast = ast;
    }

    /// From the least to the most.
    private record Range(double min, double max) {
        static final Range NONE = new Range(0, 0);
        static final Range ONE = new Range(1, 1);

        Range plus(Range other) {
            return new Range(min + other.min, Math.min(UNKNOWN, max + other.max));
        }

        Range times(Range other) {
            return new Range(min * other.min, Math.min(UNKNOWN, max * other.max));
        }

        Range times(double factor) {
            return new Range(Math.ceil(min * factor), Math.min(UNKNOWN, Math.ceil(max * factor)));
        }

        Range or(Range other) {
            return new Range(Math.min(min, other.min), Math.max(max, other.max));
        }
    }

    static double worst(CelAbstractSyntaxTree ast, Map<String, ValueType> variables) {
        var estimator = new CostEstimator(ast);
        variables.forEach((name, type) -> Extent.of(type).ifPresent(extent -> estimator.variables.put(name, extent)));
        return estimator.cost(ast.getExpr()).max();
    }

    private Range cost(CelExpr e) {
        return switch (e.getKind()) {
            case CONSTANT, NOT_SET -> Range.NONE;
            case IDENT -> Range.ONE;
            case SELECT -> {
                var operand = cost(e.select().operand());
                yield e.select().testOnly() ? operand : operand.plus(Range.ONE);
            }
            case LIST -> sum(e.list().elements()).plus(new Range(10, 10));
            case MAP -> {
                var all = new ArrayList<CelExpr>();
                e.map().entries().forEach(entry -> {
                    all.add(entry.key());
                    all.add(entry.value());
                });
                yield sum(all).plus(new Range(30, 30));
            }
            case STRUCT ->
                sum(e.struct().entries().stream()
                                .map(CelExpr.CelStruct.Entry::value)
                                .toList())
                        .plus(new Range(40, 40));
            case CALL -> call(e);
            case COMPREHENSION -> comprehension(e);
        };
    }

    private Range sum(List<CelExpr> parts) {
        var sum = Range.NONE;
        for (var part : parts) {
            sum = sum.plus(cost(part));
        }
        return sum;
    }

    private Range comprehension(CelExpr e) {
        var c = e.comprehension();
        var sum = cost(c.iterRange()).plus(cost(c.accuInit()));
        var known = extent(c.iterRange());
        known.flatMap(Extent::keys).ifPresent(keys -> variables.put(c.iterVar(), keys));
        known.flatMap(Extent::items).ifPresent(items -> {
            variables.put(c.iterVar(), items);
            if (!c.iterVar2().isEmpty()) {
                variables.remove(c.iterVar());
                variables.put(c.iterVar2(), items);
            }
        });
        if (!c.iterVar2().isEmpty()) {
            known.flatMap(Extent::values).ifPresent(values -> variables.put(c.iterVar2(), values));
        }
        var step = cost(c.loopCondition()).plus(cost(c.loopStep()));
        variables.remove(c.iterVar());
        variables.remove(c.iterVar2());
        sum = sum.plus(cost(c.result()));
        var count = size(c.iterRange());
        sizes.put(e.id(), count);
        return sum.plus(count.times(step));
    }

    private Range call(CelExpr e) {
        var call = e.call();
        var all = new ArrayList<CelExpr>();
        call.target().ifPresent(all::add);
        all.addAll(call.args());
        return switch (call.function()) {
            case "_&&_", "_||_" -> {
                var left = cost(all.get(0));
                var right = cost(all.get(1));
                yield new Range(
                        Math.min(left.min(), right.min()), left.plus(right).max());
            }
            case "_?_:_" -> {
                sizes.put(e.id(), size(all.get(1)).or(size(all.get(2))));
                yield cost(all.get(0)).plus(cost(all.get(1)).or(cost(all.get(2))));
            }
            default -> sum(all).plus(function(e, call.function(), all));
        };
    }

    private Range function(CelExpr e, String name, List<CelExpr> args) {
        var first = args.isEmpty() ? Range.ONE : size(args.getFirst());
        var second = args.size() < 2 ? Range.ONE : size(args.get(1));
        return switch (name) {
            case "check" -> new Range(350_000, 350_000);
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> traversal(args.getFirst(), first);
            case "url",
                    "isURL",
                    "cidr",
                    "isIP",
                    "isCIDR",
                    "ip",
                    "quantity",
                    "isQuantity",
                    "semver",
                    "isSemver",
                    "startsWith",
                    "endsWith",
                    "bytes",
                    "string",
                    "strings.quote",
                    "format",
                    "validate" -> first.times(TEXT);
            case "lowerAscii", "upperAscii", "substring", "trim" -> {
                sizes.put(e.id(), first);
                yield first.times(TEXT);
            }
            case "replace" -> {
                sizes.put(e.id(), replaced(args, first, second));
                yield first.times(2 * TEXT);
            }
            case "split" -> {
                sizes.put(e.id(), new Range(0, first.max()));
                yield first.times(2 * TEXT);
            }
            case "join" -> {
                var items = extent(args.getFirst()).flatMap(Extent::items);
                var item = new Range(0, items.map(Extent::largest).orElse(UNKNOWN));
                var separators = new Range(Math.max(0, first.min() - 1), Math.max(0, first.max() - 1));
                var joined = first.times(item).plus(args.size() > 1 ? separators.times(second) : Range.NONE);
                sizes.put(e.id(), joined);
                yield joined.times(TEXT);
            }
            case "find", "findAll" -> {
                sizes.put(e.id(), new Range(0, first.max()));
                yield first.plus(Range.ONE).times(TEXT).times(second.times(REGEX));
            }
            case "matches" -> first.plus(Range.ONE).times(TEXT).times(second.times(REGEX));
            case "contains" -> first.times(TEXT).times(second.times(TEXT));
            case "ip.isCanonical" -> first.times(2 * TEXT);
            case "containsIP", "containsCIDR" -> new Range(8, 32).times(TEXT).plus(second.times(TEXT));
            case "@in" -> second.times(1);
            case "_+_" -> {
                var both = first.plus(second);
                sizes.put(e.id(), both);
                yield kind(e) == CelKind.STRING || kind(e) == CelKind.BYTES ? both.times(TEXT) : Range.ONE;
            }
            case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_" -> {
                double most = Math.min(first.max(), second.max());
                yield new Range(most > 0 ? 1 : 0, most).times(TEXT);
            }
            case "sets.contains", "sets.intersects", "sets.equivalent" ->
                first.times(second).plus(Range.ONE);
            default -> Range.ONE;
        };
    }

    private Range traversal(CelExpr target, Range size) {
        var items = extent(target).flatMap(Extent::items);
        if (items.isEmpty() && kind(target) == CelKind.STRING) {
            return size.times(TEXT);
        }
        boolean texts = items.map(Extent::isText).orElse(false);
        var each = texts ? Range.ONE.plus(new Range(0, items.get().largest()).times(TEXT)) : Range.ONE;
        return size.times(each);
    }

    private Range replaced(List<CelExpr> args, Range size, Range from) {
        var to = args.size() < 3 ? Range.ONE : size(args.get(2));
        if (from.min() == 0) {
            return new Range(0, size.plus(Range.ONE).times(to).plus(size).max());
        }
        if (to.max() <= from.min()) {
            return new Range(0, size.max());
        }
        return new Range(
                0, new Range(0, Math.ceil(size.max() / from.min())).times(to).max());
    }

    private CelKind kind(CelExpr e) {
        return ast.getType(e.id()).map(type -> type.kind()).orElse(CelKind.DYN);
    }

    private Range size(CelExpr e) {
        var computed = sizes.get(e.id());
        if (computed != null) {
            return computed;
        }
        if (e.getKind() == CelExpr.ExprKind.Kind.CONSTANT) {
            return literal(e.constant());
        }
        if (e.getKind() == CelExpr.ExprKind.Kind.LIST) {
            return exactly(e.list().elements().size());
        }
        if (e.getKind() == CelExpr.ExprKind.Kind.MAP) {
            return exactly(e.map().entries().size());
        }
        var extent = extent(e);
        if (extent.isPresent()) {
            return new Range(0, extent.get().largest());
        }
        return switch (kind(e)) {
            case BOOL, INT, UINT, DOUBLE, DURATION, TIMESTAMP, TYPE -> Range.ONE;
            default -> new Range(0, UNKNOWN);
        };
    }

    private static Range literal(CelConstant constant) {
        return switch (constant.getKind()) {
            case STRING_VALUE -> exactly(constant.stringValue().length());
            case BYTES_VALUE -> exactly(constant.bytesValue().size());
            default -> Range.ONE;
        };
    }

    private static Range exactly(int size) {
        return new Range(size, size);
    }

    /// Of what an expression leads to, if it is a path.
    private Optional<Extent> extent(CelExpr e) {
        return switch (e.getKind()) {
            case IDENT -> Optional.ofNullable(variables.get(e.ident().name()));
            case SELECT ->
                extent(e.select().operand())
                        .flatMap(of -> of.field(Identifiers.unescape(e.select().field())));
            case CALL -> {
                boolean index = e.call().function().equals("_[_]")
                        || e.call().function().equals("_[?_]");
                yield index
                        ? extent(e.call().args().getFirst())
                                .flatMap(of -> of.items().or(of::values))
                        : Optional.empty();
            }
            default -> Optional.empty();
        };
    }
}
