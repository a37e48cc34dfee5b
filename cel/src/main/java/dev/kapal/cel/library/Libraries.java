package dev.kapal.cel.library;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntimeBuilder;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.standard.AddOperator.AddOverload;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;

/// All libraries of version 1.34 that new expressions may use.
public final class Libraries {
    private static final List<FunctionSet> OURS = List.of(
            Lists.functions(),
            Regexes.functions(),
            Urls.functions(),
            Quantities.functions(),
            Addresses.functions(),
            Formats.functions(),
            Semvers.functions(),
            TextFormat.functions(),
            Authorizers.functions());

    /// Only expressions that make JSON patches may use it.
    private static final FunctionSet JSON_PATCH = new FunctionSet()
            .global(
                    "jsonpatch.escapeKey",
                    "string_jsonpatch_escapeKey_string",
                    SimpleType.STRING,
                    List.of(SimpleType.STRING),
                    args -> ((String) args[0]).replace("~", "~0").replace("/", "~1"));

    private Libraries() {}

    public static void declare(CelCompilerBuilder compiler, CelOptions options) {
        compiler.addLibraries(
                strings(), CelExtensions.sets(options), CelExtensions.optional(), CelExtensions.comprehensions());
        var functions = new LinkedHashMap<String, CelFunctionDecl>();
        OURS.forEach(library -> library.declarations().forEach(f -> functions.merge(f.name(), f, Libraries::both)));
        compiler.addFunctionDeclarations(functions.values());
    }

    public static void declareJsonPatch(CelCompilerBuilder compiler) {
        compiler.addFunctionDeclarations(JSON_PATCH.declarations());
    }

    /// A macro; evaluating it takes no function.
    public static void declareBindings(CelCompilerBuilder compiler) {
        compiler.addLibraries(CelExtensions.bindings());
    }

    public static void bind(CelRuntimeBuilder runtime, CelOptions options) {
        runtime.addLibraries(
                strings(), CelExtensions.sets(options), CelExtensions.optional(), CelExtensions.comprehensions());
        var bindings = new ArrayList<CelFunctionBinding>(JSON_PATCH.bindings());
        OURS.forEach(library -> bindings.addAll(library.bindings()));
        bindings.add(CelFunctionBinding.from("equals", Object.class, Object.class, Equality::equal));
        bindings.add(
                CelFunctionBinding.from("not_equals", Object.class, Object.class, (a, b) -> !Equality.equal(a, b)));
        bindings.add(CelFunctionBinding.from("add_list", List.class, List.class, Equality::both));
        runtime.addFunctionBindings(bindings);
    }

    /// The language's own functions but for those that look at what kind of list they have.
    public static CelStandardFunctions standard() {
        return CelStandardFunctions.newBuilder()
                .filterFunctions((function, overload) -> function != StandardFunction.EQUALS
                        && function != StandardFunction.NOT_EQUALS
                        && overload != AddOverload.ADD_LIST)
                .build();
    }

    /// Without `reverse`, which came with a later version of the extension.
    private static CelStringExtensions strings() {
        return CelExtensions.strings(EnumSet.complementOf(EnumSet.of(CelStringExtensions.Function.REVERSE)));
    }

    private static CelFunctionDecl both(CelFunctionDecl one, CelFunctionDecl other) {
        var overloads = new ArrayList<>(one.overloads());
        overloads.addAll(other.overloads());
        return CelFunctionDecl.newFunctionDeclaration(one.name(), overloads);
    }
}
