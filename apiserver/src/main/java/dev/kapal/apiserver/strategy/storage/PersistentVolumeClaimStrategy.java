package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Copies;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A wish for storage: once it is there it can grow and change its class of attributes, and nothing else.
final class PersistentVolumeClaimStrategy implements Strategy {

    @Override
    public void onCreate(ObjectNode claim) {
        claim.putObject("status").put("phase", "Pending");
        matchSources(claim);
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        matchSources(incoming);
    }

    /// The newer form of the data source says what the older one does, and the other way round.
    private static void matchSources(ObjectNode claim) {
        if (!(claim.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (spec.has("dataSource") && !spec.has("dataSourceRef")) {
            spec.set("dataSourceRef", spec.get("dataSource").deepCopy());
        } else if (spec.has("dataSourceRef")
                && !spec.has("dataSource")
                && spec.get("dataSourceRef").path("namespace").asText("").isEmpty()) {
            spec.set("dataSource", spec.get("dataSourceRef").deepCopy());
        }
    }

    @Override
    public void check(ObjectNode claim, Optional<ObjectNode> stored, Problems problems) {
        ClaimRules.check("spec", claim.path("spec"), problems);
        stored.ifPresent(before -> checkUpdate(claim, before, problems));
    }

    private static void checkUpdate(ObjectNode claim, ObjectNode stored, Problems problems) {
        var spec = claim.path("spec");
        var before = stored.path("spec");
        boolean bound = stored.path("status").path("phase").asText("").equals("Bound");
        var leveled = (ObjectNode) spec.deepCopy();
        takeAllowed(leveled, (ObjectNode) before, bound);
        if (!leveled.equals(before)) {
            problems.forbidden(
                    "spec",
                    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound"
                            + " claims");
        }
        checkSize(spec, before, stored, problems);
        if (!spec.path("volumeMode").equals(before.path("volumeMode"))) {
            problems.invalid("spec.volumeMode", spec.path("volumeMode"), Problems.IMMUTABLE);
        }
    }

    /// Undoes in `spec` every change that is allowed.
    private static void takeAllowed(ObjectNode spec, ObjectNode before, boolean bound) {
        if (before.path("volumeName").asText("").isEmpty()) {
            Copies.field("volumeName", before, spec);
        }
        if (!before.has("storageClassName")) {
            Copies.field("storageClassName", before, spec);
        }
        Copies.field("volumeMode", before, spec); // told apart
        if (bound) {
            Copies.field("requests", (ObjectNode) before.path("resources"), spec.withObjectProperty("resources"));
            Copies.field("volumeAttributesClassName", before, spec);
        }
    }

    /// A volume never shrinks; a wish that was too large may be taken back to what is there.
    private static void checkSize(JsonNode spec, JsonNode before, ObjectNode stored, Problems problems) {
        var now = ResourceRules.amount(spec.path("resources").path("requests").path("storage"));
        var old = ResourceRules.amount(before.path("resources").path("requests").path("storage"));
        if (now.isEmpty() || old.isEmpty() || now.get().compareTo(old.get()) >= 0) {
            return;
        }
        var path = "spec.resources.requests.storage";
        var actual = ResourceRules.amount(stored.path("status").path("capacity").path("storage"));
        if (actual.isEmpty()) {
            problems.forbidden(path, "field can not be less than previous value");
        } else if (now.get().compareTo(actual.get()) <= 0) {
            problems.forbidden(path, "field can not be less than status.capacity");
        }
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var status = candidate.path("status");
        AccessModes.check("status.accessModes", status.path("accessModes"), problems);
        status.path("capacity").properties().forEach(amount -> {
            var path = Problems.at("status.capacity", amount.getKey());
            ResourceRules.checkNotNegative(path, amount.getValue(), problems);
        });
    }

    @Override
    public List<String> warnings(ObjectNode claim) {
        var warnings = new ArrayList<String>();
        if (claim.path("metadata").path("annotations").has("volume.beta.kubernetes.io/storage-class")) {
            warnings.add("metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use"
                    + " \"storageClassName\" attribute instead");
        }
        var wanted = claim.path("spec").path("resources").path("requests").path("storage");
        if (ResourceRules.amount(wanted)
                .map(q -> q.amount().stripTrailingZeros().scale() > 0)
                .orElse(false)) {
            warnings.add("spec.resources.requests[storage]: fractional byte value \"" + wanted.asText()
                    + "\" is invalid, must be an integer");
        }
        return warnings;
    }

    @Override
    public Set<String> selectable() {
        return Set.of("name");
    }

    @Override
    public Map<String, String> fields(ObjectNode claim) {
        return Map.of("name", claim.path("metadata").path("name").asText(""));
    }
}
