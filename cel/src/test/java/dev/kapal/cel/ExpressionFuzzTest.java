package dev.kapal.cel;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExpressionFuzzTest {
    private static final CelEnvironment ENVIRONMENT =
            CelEnvironment.builder().variable("object", ValueType.Plain.DYN).build();
    private static final ObjectNode OBJECT =
            Documents.read("{\"a\":[1,2,{\"b\":\"c\"}],\"s\":\"text\",\"n\":null}".getBytes(StandardCharsets.UTF_8));

    @FuzzTest
    void compilesAndEvaluatesOrIsRefused(byte[] text) {
        try {
            ENVIRONMENT
                    .compile(new String(text, StandardCharsets.UTF_8))
                    .evaluate(Map.of("object", OBJECT), new CostBudget(100_000, 100_000));
        } catch (CompileException | EvaluationException refused) {
            // as it should be
        }
    }
}
