package dev.kapal.model.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.patch.PatchException;
import dev.kapal.model.patch.Patches;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PatchFuzzTest {
    @FuzzTest
    void appliesOrIsRefused(byte[] patch) {
        apply(pod -> Patches.json(pod, patch));
        apply(pod -> Patches.merge(pod, patch));
        apply(pod -> Patches.strategic(BodyReading.POD, pod, patch));
    }

    private static void apply(UnaryOperator<ObjectNode> patch) {
        try {
            Documents.json(patch.apply(BodyReading.pod()));
        } catch (PatchException refused) {
            // as it should be
        }
    }
}
