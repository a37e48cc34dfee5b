package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import java.util.ArrayList;
import java.util.List;

/// What people should know of a claim, or a template of one, although it is accepted. Pure.
public final class ClaimWarnings {
    private ClaimWarnings() {}

    /// @param path of the claim's specification
    public static List<String> of(String path, JsonNode spec) {
        var warnings = new ArrayList<String>();
        for (var kind : List.of("requests", "limits")) {
            var storage = spec.path("resources").path(kind).path("storage");
            ResourceRules.fraction(Problems.at(path + ".resources." + kind, "storage"), storage)
                    .ifPresent(warnings::add);
        }
        return warnings;
    }
}
