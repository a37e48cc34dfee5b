package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import java.util.List;

/// Who may mount a volume, and how. Source: core/v1 API reference, PersistentVolumeAccessMode.
final class AccessModes {
    private static final List<String> MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
    private static final String ALONE = "ReadWriteOncePod";
    private static final List<String> VOLUME_MODES = List.of("Block", "Filesystem");

    private AccessModes() {}

    static void check(String path, JsonNode modes, Problems problems) {
        boolean alone = false;
        boolean others = false;
        for (var mode : modes) {
            if (!MODES.contains(mode.asText())) {
                problems.notSupported(path, mode.asText(), MODES);
            }
            alone |= mode.asText().equals(ALONE);
            others |= !mode.asText().equals(ALONE) && MODES.contains(mode.asText());
        }
        if (alone && others) {
            problems.forbidden(path, "may not use ReadWriteOncePod with other access modes");
        }
    }

    static void checkVolumeMode(String path, JsonNode mode, Problems problems) {
        if (!mode.isMissingNode() && !VOLUME_MODES.contains(mode.asText())) {
            problems.notSupported(path, mode.asText(), VOLUME_MODES);
        }
    }
}
