package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.strategy.Problems;
import java.util.List;

/// The `dryRun` parameter: everything but the write.
final class DryRun {
    private static final List<String> VALUES = List.of("All");

    private DryRun() {}

    static boolean of(RequestInfo.Query query, Problems problems) {
        var values = query.values("dryRun");
        values.forEach(value -> check(value, problems));
        return !values.isEmpty();
    }

    static void check(JsonNode values, Problems problems) {
        values.forEach(value -> check(value.asText(), problems));
    }

    private static void check(String value, Problems problems) {
        if (!VALUES.contains(value)) {
            problems.notSupported("dryRun", value, VALUES);
        }
    }
}
