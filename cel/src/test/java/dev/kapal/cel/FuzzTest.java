package dev.kapal.cel;

import dev.kapal.model.codec.Documents;
import dev.kapal.testkit.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// No expression can crash or hang its server. See [Mutations] for a longer run by hand.
class FuzzTest {
    @Test
    void expressionsCompileAndEvaluateOrAreRefused() {
        var environment =
                CelEnvironment.builder().variable("object", ValueType.Plain.DYN).build();
        var object = Documents.read(
                "{\"a\":[1,2,{\"b\":\"c\"}],\"s\":\"text\",\"n\":null}".getBytes(StandardCharsets.UTF_8));
        Mutations.refusedBy(CompileException.class, EvaluationException.class)
                .of(
                        "object.a.exists(x, x == 1) && has(object.s) ? object.s.size() > 2 : false",
                        "[1, 2, 3].map(x, x * 2).filter(y, y > 2).sum() == {'a': 1u, \"b\": 1.5e3}.size()",
                        "object.?a[?0].orValue(b'x') in ['\\u00e9', r'\\d', timestamp('2024-01-01T00:00:00Z')]",
                        "quantity('1Gi').isLessThan(quantity('2G')) || ip('::1').isLoopback() || '%s'.format([1])",
                        "'a,b'.split(',').all(i, v, v.matches('^[a-z]+$') && i < 9223372036854775807)")
                .feed(text -> environment
                        .compile(new String(text, StandardCharsets.UTF_8))
                        .evaluate(Map.of("object", object), new CostBudget(100_000, 100_000)));
    }
}
