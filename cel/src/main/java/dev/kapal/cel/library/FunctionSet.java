package dev.kapal.cel.library;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The functions of one library: how they are declared and what they do. Filled once by one thread.
final class FunctionSet {
    private final Map<String, List<CelOverloadDecl>> declared = new LinkedHashMap<>();
    private final List<CelFunctionBinding> bindings = new ArrayList<>();

    /// What a function does with its arguments, the target of a method first. Throws [IllegalArgumentException] whose
    /// message is the expression's error.
    @FunctionalInterface
    interface Body {
        Object apply(Object[] args);
    }

    /// `name(a, b)`.
    FunctionSet global(String name, String overload, CelType result, List<CelType> parameters, Body body) {
        return add(name, CelOverloadDecl.newGlobalOverload(overload, result, parameters), body);
    }

    /// `a.name(b)`.
    FunctionSet member(String name, String overload, CelType result, List<CelType> parameters, Body body) {
        return add(name, CelOverloadDecl.newMemberOverload(overload, result, parameters), body);
    }

    @SuppressWarnings("Immutable") // bodies hold no state
    private FunctionSet add(String name, CelOverloadDecl overload, Body body) {
        declared.computeIfAbsent(name, _ -> new ArrayList<>()).add(overload);
        var classes = new ArrayList<Class<?>>();
        overload.parameterTypes().forEach(type -> classes.add(JavaTypes.of(type)));
        bindings.add(CelFunctionBinding.from(overload.overloadId(), classes, args -> run(body, args)));
        return this;
    }

    private static Object run(Body body, Object[] args) throws CelEvaluationException {
        try {
            return body.apply(args);
        } catch (IllegalArgumentException | ArithmeticException failed) {
            throw new CelEvaluationException(failed.getMessage());
        }
    }

    List<CelFunctionDecl> declarations() {
        return declared.entrySet().stream()
                .map(f -> CelFunctionDecl.newFunctionDeclaration(f.getKey(), f.getValue()))
                .toList();
    }

    List<CelFunctionBinding> bindings() {
        return bindings;
    }
}
