package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.GroupVersionKind;
import java.util.List;

/// The `dryRun` parameter: everything but the write.
final class DryRun {
    private static final List<String> VALUES = List.of("All");

    private DryRun() {}

    static boolean of(RequestInfo.Query query) {
        var values = query.values("dryRun");
        var problems = new Problems();
        values.forEach(value -> check(value, problems));
        if (!problems.isEmpty()) {
            throw ApiException.invalid(
                    new GroupVersionKind("meta.k8s.io", "v1", "CreateOptions"), "", problems.found());
        }
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
