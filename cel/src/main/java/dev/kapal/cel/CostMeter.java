package dev.kapal.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Adds up what one evaluation costs while it runs, and ends it when that is too much or the thread is interrupted.
/// Source: cel-go's cost of evaluation; Kubernetes' cost of its functions. One evaluation, one thread.
final class CostMeter implements CelEvaluationListener {
    private static final double TEXT = 0.1;
    private static final double REGEX = 0.25;
    private static final long AUTHORIZATION = 350_000;
    private static final int INTERRUPTION_CHECK = 100;

    private final CelAbstractSyntaxTree ast;
    private final long limit;
    /// What each part of the expression last gave.
    private final Map<Long, Object> values = new HashMap<>();

    private long cost;
    private int steps;

    CostMeter(CelAbstractSyntaxTree ast, long limit) {
        this.ast = ast;
        this.limit = limit;
    }

    /// Ends an evaluation; never leaves this package.
    static final class Stopped extends RuntimeException {
        private final EvaluationException.Cause cause;

        private Stopped(EvaluationException.Cause cause) {
            super(null, null, false, false);
            this.cause = cause;
        }

        EvaluationException.Cause why() {
            return cause;
        }
    }

    long cost() {
        return cost;
    }

    @Override
    public void callback(CelExpr expression, Object value) {
        values.put(expression.id(), value);
        cost += costOf(expression, value);
        if (cost > limit) {
            throw new Stopped(EvaluationException.Cause.CALL_COST);
        }
        if (++steps % INTERRUPTION_CHECK == 0 && Thread.currentThread().isInterrupted()) {
            throw new Stopped(EvaluationException.Cause.CANCELLED);
        }
    }

    private long costOf(CelExpr expression, Object result) {
        return switch (expression.getKind()) {
            case IDENT -> 1;
            case SELECT -> expression.select().testOnly() ? 0 : 1;
            case LIST -> 10;
            case MAP -> 30;
            case STRUCT -> 40;
            case CALL -> call(expression, result);
            case CONSTANT, COMPREHENSION, NOT_SET -> 0;
        };
    }

    private long call(CelExpr expression, Object result) {
        var call = expression.call();
        var target = call.target();
        var args = call.args();
        int count = args.size() + (target.isPresent() ? 1 : 0);
        Object first = count == 0 ? "" : valueOf(target.orElseGet(args::getFirst));
        Object second = count < 2 ? "" : valueOf(args.get(target.isPresent() ? 0 : 1));
        return switch (call.function()) {
            case "_&&_", "_||_", "_?_:_" -> 0;
            case "check" -> AUTHORIZATION;
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> traversal(first);
            case "url",
                    "lowerAscii",
                    "upperAscii",
                    "substring",
                    "trim",
                    "cidr",
                    "isIP",
                    "isCIDR",
                    "quantity",
                    "isQuantity",
                    "startsWith",
                    "endsWith",
                    "quote",
                    "format",
                    "bytes",
                    "string",
                    "strings.quote",
                    "semver",
                    "isSemver",
                    "validate" -> text(size(first));
            case "ip" -> overload(expression).equals("cidr_ip") ? 1 : text(size(first));
            case "replace", "split", "ip.isCanonical" -> text(2 * size(first));
            case "join" -> text(2 * size(result));
            case "find", "findAll", "matches" -> text(1 + size(first)) * (long) Math.ceil(size(second) * REGEX);
            case "contains" -> text(size(first)) * text(size(second));
            case "containsIP", "containsCIDR" -> text(2 * 16) + text(size(second)) + 1;
            case "@in" -> second instanceof List<?> list ? list.size() : 1;
            case "_+_" ->
                first instanceof String || first instanceof CelByteString ? text(size(first) + size(second)) : 1;
            case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_" -> text(Math.min(size(first), size(second)));
            case "sets.contains", "sets.intersects", "sets.equivalent" -> Math.max(1, size(first) * size(second));
            default -> 1;
        };
    }

    private String overload(CelExpr expression) {
        return ast.getReference(expression.id())
                .map(reference -> reference.overloadIds().isEmpty()
                        ? ""
                        : reference.overloadIds().getFirst())
                .orElse("");
    }

    private Object valueOf(CelExpr expression) {
        return values.getOrDefault(expression.id(), "");
    }

    private static long text(long size) {
        return (long) Math.ceil(size * TEXT);
    }

    private static long traversal(Object value) {
        return value instanceof List<?> list ? Math.max(1, list.size()) : text(size(value));
    }

    private static long size(Object value) {
        return switch (value) {
            case String text -> text.length();
            case CelByteString bytes -> bytes.size();
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case null, default -> 1;
        };
    }
}
