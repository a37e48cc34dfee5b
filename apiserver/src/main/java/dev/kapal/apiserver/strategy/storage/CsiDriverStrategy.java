package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.DisabledFields;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// What a storage driver can do and wants to be told.
final class CsiDriverStrategy implements Strategy {
    private static final List<String> GROUP_POLICIES = List.of("File", "None", "ReadWriteOnceWithFSType");
    private static final List<String> LIFECYCLES = List.of("Persistent", "Ephemeral");
    private static final long TEN_MINUTES = 600;
    /// Source: Kubernetes feature gate MutableCSINodeAllocatableCount.
    private static final DisabledFields UPDATES = DisabledFields.of("spec.nodeAllocatableUpdatePeriodSeconds");

    @Override
    public void onCreate(ObjectNode driver) {
        UPDATES.drop(driver);
    }

    @Override
    public void onUpdate(ObjectNode driver, ObjectNode stored) {
        UPDATES.drop(driver, stored);
    }

    @Override
    public void check(ObjectNode driver, Optional<ObjectNode> stored, Problems problems) {
        var spec = driver.path("spec");
        var policy = spec.path("fsGroupPolicy").asText("");
        if (!GROUP_POLICIES.contains(policy)) {
            problems.notSupported("spec.fsGroupPolicy", policy, GROUP_POLICIES);
        }
        checkTokens(spec.path("tokenRequests"), problems);
        for (var mode : spec.path("volumeLifecycleModes")) {
            if (!LIFECYCLES.contains(mode.asText())) {
                problems.notSupported("spec.volumeLifecycleModes", mode.asText(), LIFECYCLES);
            }
        }
        if (spec.has("nodeAllocatableUpdatePeriodSeconds")
                && spec.get("nodeAllocatableUpdatePeriodSeconds").asLong() < 10) {
            problems.invalid(
                    "spec.nodeAllocatableUpdatePeriodSeconds",
                    spec.get("nodeAllocatableUpdatePeriodSeconds"),
                    "must be greater than or equal to 10 seconds");
        }
        stored.ifPresent(before -> {
            var old = before.path("spec");
            problems.unchanged("spec.attachedRequired", spec.path("attachRequired"), old.path("attachRequired"));
            problems.unchanged(
                    "spec.volumeLifecycleModes", spec.path("volumeLifecycleModes"), old.path("volumeLifecycleModes"));
        });
    }

    private static void checkTokens(JsonNode tokens, Problems problems) {
        var audiences = new HashSet<String>();
        for (int i = 0; i < tokens.size(); i++) {
            var path = Problems.at("spec.tokenRequests", i);
            var audience = tokens.get(i).path("audience").asText("");
            if (!audiences.add(audience)) {
                problems.duplicate(path + ".audience", audience);
                continue;
            }
            if (!tokens.get(i).has("expirationSeconds")) {
                continue;
            }
            long seconds = tokens.get(i).get("expirationSeconds").asLong();
            if (seconds < TEN_MINUTES) {
                problems.invalid(
                        path + ".expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
            }
            if (seconds > 1L << 32) {
                problems.invalid(
                        path + ".expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
            }
        }
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
