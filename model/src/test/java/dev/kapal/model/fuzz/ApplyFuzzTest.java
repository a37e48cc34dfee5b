package dev.kapal.model.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kapal.model.apply.ApplyException;
import dev.kapal.model.apply.FieldManagement;
import dev.kapal.model.apply.FieldSet;
import dev.kapal.model.apply.Ownership;
import dev.kapal.model.apply.Writer;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;

/// The input is a configuration. Who owns what of the object is what it says itself in `metadata.managedFields`.
@Timeout(60)
class ApplyFuzzTest {
    private final FieldManagement management =
            new FieldManagement(BodyReading.POD, "v1", FieldSet.of("status"), FieldManagement.Versions.NONE);

    @FuzzTest
    void mergesOrIsRefused(byte[] body) {
        try {
            var config = new DocumentDecoder().decode(body, MediaType.YAML).document();
            var owners = Ownership.read(config.at("/metadata/managedFields")).orElse(Ownership.NOBODY);
            management.apply(
                    Optional.of(BodyReading.pod()),
                    config,
                    owners,
                    Writer.applying("me", ""),
                    false,
                    "2024-01-01T00:00:00Z",
                    "default/a; v1, Kind=Pod");
        } catch (DecodeException | ApplyException refused) {
            // as it should be
        }
    }
}
