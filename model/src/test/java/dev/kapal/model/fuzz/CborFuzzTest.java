package dev.kapal.model.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.MediaType;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CborFuzzTest {
    @FuzzTest
    void isReadOrRefused(byte[] body) {
        try {
            BodyReading.complete(body, MediaType.CBOR);
        } catch (DecodeException refused) {
            // as it should be
        }
    }
}
