package dev.kapal.apiserver.strategy.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.HashSet;
import java.util.Optional;

/// What a namespace may use in all; which objects count is fixed by its scopes.
final class ResourceQuotaStrategy implements Strategy {
    @Override
    public void check(ObjectNode quota, Optional<ObjectNode> stored, Problems problems) {
        var spec = quota.path("spec");
        checkAmounts("spec.hard", spec.path("hard"), problems);
        Scopes.check(spec, problems);
        stored.ifPresent(before -> checkScopesKept(spec, before.path("spec"), problems));
    }

    static void checkAmounts(String path, JsonNode amounts, Problems problems) {
        amounts.properties().forEach(entry -> {
            var at = Problems.at(path, entry.getKey());
            ResourceRules.checkQuotaName(at, entry.getKey(), problems);
            ResourceRules.checkAmount(at, entry.getKey(), entry.getValue(), problems);
        });
    }

    private static void checkScopesKept(JsonNode spec, JsonNode before, Problems problems) {
        var now = new HashSet<String>();
        spec.path("scopes").forEach(s -> now.add(s.asText()));
        var old = new HashSet<String>();
        before.path("scopes").forEach(s -> old.add(s.asText()));
        if (!now.equals(old)) {
            problems.invalid("spec.scopes", spec.path("scopes"), Problems.IMMUTABLE);
        }
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        checkAmounts("status.hard", candidate.path("status").path("hard"), problems);
        checkAmounts("status.used", candidate.path("status").path("used"), problems);
    }
}
