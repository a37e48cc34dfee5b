package dev.kapal.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.validator.CelValidator;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.DurationLiteralValidator;
import dev.cel.validator.validators.HomogeneousLiteralValidator;
import dev.cel.validator.validators.RegexLiteralValidator;
import dev.cel.validator.validators.TimestampLiteralValidator;
import dev.kapal.cel.library.Libraries;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Compiles expressions against declared variables. Nothing of the language is loaded before the first environment.
/// Any thread once built.
public final class CelEnvironment {
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableOptionalSyntax(true)
            .enableReservedIds(true)
            .enableRegexPartialMatch(true)
            .build();
    private static final CelCompiler BASE = base();
    private static final CelRuntime RUNTIME = runtime();

    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern CANDIDATES = Pattern.compile(" \\(candidates: .*\\)$");

    private final Map<String, ValueType> variables;
    private final Set<ValueType> structs;
    private final boolean jsonPatch;
    private final boolean bindings;
    private final Optional<CelMetrics> metrics;
    /// For all expressions; none when each has one of its own.
    private final Optional<CelCompiler> compiler;

    private CelEnvironment(
            Map<String, ValueType> variables,
            Set<ValueType> structs,
            boolean jsonPatch,
            boolean bindings,
            Optional<CelMetrics> metrics) {
        this.metrics = metrics;
        this.variables = variables;
        this.structs = structs;
        this.jsonPatch = jsonPatch;
        this.bindings = bindings;
        this.compiler = structs.stream().anyMatch(ValueType.OpenStruct.class::isInstance)
                ? Optional.empty()
                : Optional.of(compiler(Set.of()));
    }

    /// @param words field names that objects whose fields may have any name have
    private CelCompiler compiler(Set<String> words) {
        var open = new HashSet<String>();
        structs.forEach(type -> {
            if (type instanceof ValueType.OpenStruct(var name)) {
                open.add(name);
            }
        });
        var types = new Types(open, words);
        structs.forEach(types::of);
        var builder = BASE.toCompilerBuilder();
        variables.forEach((name, type) -> builder.addVar(name, types.of(type)));
        builder.setTypeProvider(types);
        if (jsonPatch) {
            Libraries.declareJsonPatch(builder);
        }
        if (bindings) {
            Libraries.declareBindings(builder);
        }
        return builder.build();
    }

    private static CelCompiler base() {
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS);
        Libraries.declare(builder, OPTIONS);
        return builder.build();
    }

    private static CelRuntime runtime() {
        var builder = CelRuntimeFactory.standardCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .setStandardEnvironmentEnabled(false)
                .setStandardFunctions(Libraries.standard());
        Libraries.bind(builder, OPTIONS);
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Declares what expressions may read. One thread.
    public static final class Builder {
        private final Map<String, ValueType> variables = new LinkedHashMap<>();
        private final Set<ValueType> structs = new HashSet<>();
        private boolean jsonPatch;
        private boolean bindings;
        private Optional<CelMetrics> metrics = Optional.empty();

        private Builder() {}

        public Builder variable(String name, ValueType type) {
            variables.put(name, type);
            return this;
        }

        /// A type that expressions may make values of: `Object{spec: …}`.
        public Builder struct(ValueType.OpenStruct type) {
            structs.add(type);
            return this;
        }

        /// As [#struct(ValueType.OpenStruct)], with known fields.
        public Builder struct(ValueType.Struct type) {
            structs.add(type);
            return this;
        }

        /// Allows `jsonpatch.escapeKey`.
        public Builder jsonPatch() {
            jsonPatch = true;
            return this;
        }

        /// Allows `cel.bind`.
        public Builder bindings() {
            bindings = true;
            return this;
        }

        /// Measures what is compiled, and what that evaluates.
        public Builder measured(CelMetrics by) {
            metrics = Optional.of(by);
            return this;
        }

        public CelEnvironment build() {
            return new CelEnvironment(Map.copyOf(variables), Set.copyOf(structs), jsonPatch, bindings, metrics);
        }
    }

    /// Throws [CompileException]. What the expression gives is asked of the program.
    public CelProgram compile(String expression) {
        long begun = metrics.map(CelMetrics::now).orElse(0L);
        try {
            return compiled(expression);
        } finally {
            metrics.ifPresent(m -> m.compiled(begun));
        }
    }

    private CelProgram compiled(String expression) {
        var used = compiler.orElseGet(() -> compiler(words(expression)));
        try {
            var ast = checked(used.compile(expression));
            checked(validator(used).validate(ast));
            return new CelProgram(
                    expression, ast, RUNTIME.createProgram(StructLowering.lowered(ast)), variables, metrics);
        } catch (CelEvaluationException unusable) {
            throw new CompileException("program instantiation failed: " + unusable.getMessage());
        }
    }

    private static CelValidator validator(CelCompiler compiler) {
        return CelValidatorFactory.standardCelValidatorBuilder(compiler, RUNTIME)
                .addAstValidators(
                        DurationLiteralValidator.INSTANCE,
                        TimestampLiteralValidator.INSTANCE,
                        RegexLiteralValidator.INSTANCE,
                        HomogeneousLiteralValidator.newInstance("format"))
                .build();
    }

    private static Set<String> words(String expression) {
        return WORD.matcher(expression).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    private static CelAbstractSyntaxTree checked(CelValidationResult result) {
        if (result.hasError()) {
            throw new CompileException("compilation failed: "
                    + CelIssue.toDisplayString(
                            result.getErrors().stream()
                                    .map(CelEnvironment::withoutCandidates)
                                    .toList(),
                            result.getSource()));
        }
        try {
            return result.getAst();
        } catch (CelValidationException broken) {
            throw new CompileException("compilation failed: " + broken.getMessage());
        }
    }

    /// Our clients know the sentence without the list of what would have fitted.
    private static CelIssue withoutCandidates(CelIssue issue) {
        return CelIssue.newBuilder()
                .setSeverity(issue.getSeverity())
                .setSourceLocation(issue.getSourceLocation())
                .setExprId(issue.getExprId())
                .setMessage(CANDIDATES.matcher(issue.getMessage()).replaceFirst(""))
                .build();
    }

    /// Whether a type, as [CelProgram#resultType()] names it, can turn out to be `wanted`.
    public static boolean mayBe(String type, String wanted) {
        return type.equals(wanted) || type.equals(SimpleType.DYN.name()) || type.equals("any");
    }
}
