package dev.kapal.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelMap;

/// Objects that an expression makes are maps when it is evaluated: the checker has seen their types already.
final class StructLowering {
    private long nextId;

    private StructLowering(long nextId) {
        this.nextId = nextId;
    }

    static CelAbstractSyntaxTree lowered(CelAbstractSyntaxTree ast) {
        long highest = ast.getTypeMap().keySet().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        var expression = new StructLowering(highest + 1_000_000).of(ast.getExpr());
        return expression == ast.getExpr()
                ? ast
                : CelAbstractSyntaxTree.newCheckedAst(
                        expression, ast.getSource(), ast.getReferenceMap(), ast.getTypeMap());
    }

    private CelExpr of(CelExpr e) {
        return switch (e.getKind()) {
            case SELECT -> select(e);
            case CALL -> call(e);
            case LIST -> list(e);
            case MAP -> map(e);
            case STRUCT -> struct(e);
            case COMPREHENSION -> comprehension(e);
            case CONSTANT, IDENT, NOT_SET -> e;
        };
    }

    private CelExpr select(CelExpr e) {
        var operand = of(e.select().operand());
        return operand == e.select().operand()
                ? e
                : e.toBuilder()
                        .setSelect(e.select().toBuilder().setOperand(operand).build())
                        .build();
    }

    private CelExpr call(CelExpr e) {
        var call = e.call();
        var target = call.target().map(this::of);
        var args = call.args().stream().map(this::of).collect(ImmutableList.toImmutableList());
        if (args.equals(call.args()) && target.equals(call.target())) {
            return e;
        }
        var builder = CelCall.newBuilder().setFunction(call.function()).addArgs(args);
        target.ifPresent(builder::setTarget);
        return e.toBuilder().setCall(builder.build()).build();
    }

    private CelExpr list(CelExpr e) {
        var items = e.list().elements().stream().map(this::of).collect(ImmutableList.toImmutableList());
        return items.equals(e.list().elements())
                ? e
                : e.toBuilder()
                        .setList(CelExpr.CelList.newBuilder()
                                .addElements(items)
                                .addOptionalIndices(e.list().optionalIndices())
                                .build())
                        .build();
    }

    private CelExpr map(CelExpr e) {
        var builder = CelMap.newBuilder();
        for (var entry : e.map().entries()) {
            builder.addEntries(entry.toBuilder()
                    .setKey(of(entry.key()))
                    .setValue(of(entry.value()))
                    .build());
        }
        return e.toBuilder().setMap(builder.build()).build();
    }

    private CelExpr struct(CelExpr e) {
        var builder = CelMap.newBuilder();
        for (var field : e.struct().entries()) {
            var name = Identifiers.unescape(field.fieldKey());
            builder.addEntries(CelMap.Entry.newBuilder()
                    .setId(field.id())
                    .setKey(CelExpr.ofConstant(nextId++, CelConstant.ofValue(name)))
                    .setValue(of(field.value()))
                    .setOptionalEntry(field.optionalEntry())
                    .build());
        }
        return e.toBuilder().setMap(builder.build()).build();
    }

    private CelExpr comprehension(CelExpr e) {
        var c = e.comprehension();
        return e.toBuilder()
                .setComprehension(c.toBuilder()
                        .setIterRange(of(c.iterRange()))
                        .setAccuInit(of(c.accuInit()))
                        .setLoopCondition(of(c.loopCondition()))
                        .setLoopStep(of(c.loopStep()))
                        .setResult(of(c.result()))
                        .build())
                .build();
    }
}
