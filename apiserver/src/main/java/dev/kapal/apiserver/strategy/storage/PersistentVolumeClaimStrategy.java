package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Copies;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.apiserver.strategy.SpecDiff;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A wish for storage: once it is there it can grow and change its class of attributes, and nothing else.
final class PersistentVolumeClaimStrategy implements Strategy {
    private static final String CLASS = "storageClassName";
    private static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";
    private static final String SOURCE_REF = "dataSourceRef";
    private static final String ATTRIBUTES = "volumeAttributesClassName";
    private static final String CURRENT_ATTRIBUTES = "currentVolumeAttributesClassName";
    private static final List<String> RESIZES = List.of(
            "ControllerResizeInProgress",
            "ControllerResizeInfeasible",
            "NodeResizeInProgress",
            "NodeResizeInfeasible",
            "NodeResizePending");

    @Override
    public void onCreate(ObjectNode claim) {
        claim.putObject("status").put("phase", "Pending");
        dropForeignSource(claim);
        dropUnknownSource(claim);
        matchSources(claim);
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        if (!stored.path("spec").has("dataSource") && !stored.path("spec").has("dataSourceRef")) {
            dropUnknownSource(incoming);
        }
        if (!stored.path("spec").has(SOURCE_REF)) {
            dropForeignSource(incoming);
        }
        matchSources(incoming);
    }

    /// The older form of the data source is for claims and snapshots; anything else in it is left out without a word.
    private static void dropUnknownSource(ObjectNode claim) {
        if (claim.get("spec") instanceof ObjectNode spec && spec.has("dataSource") && !spec.has("dataSourceRef")) {
            var kind = spec.get("dataSource").path("kind").asText("");
            var group = spec.get("dataSource").path("apiGroup").asText("");
            boolean known = kind.equals("PersistentVolumeClaim") && group.isEmpty()
                    || kind.equals("VolumeSnapshot") && group.equals("snapshot.storage.k8s.io");
            if (!known) {
                spec.remove("dataSource");
            }
        }
    }

    /// A source in another namespace goes as a whole. Source: Kubernetes feature gate CrossNamespaceVolumeDataSource.
    private static void dropForeignSource(ObjectNode claim) {
        if (claim.get("spec") instanceof ObjectNode spec
                && !spec.path(SOURCE_REF).path("namespace").asText("").isEmpty()) {
            spec.remove(SOURCE_REF);
        }
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
        var leveled = (ObjectNode) spec.deepCopy();
        checkClass(claim, stored, leveled, problems);
        takeAllowed(leveled, stored);
        if (!leveled.equals(before)) {
            problems.forbidden(
                    "spec",
                    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound"
                            + " claims\n" + SpecDiff.of("PersistentVolumeClaimSpec", before, leveled));
        }
        checkSize(spec, before, stored, problems);
        problems.unchanged("volumeMode", spec.path("volumeMode"), before.path("volumeMode"));
        checkAttributes(spec, before, stored.path("status").has(CURRENT_ATTRIBUTES), problems);
    }

    /// What never came to be can be taken back; the attributes that a volume has stay with it.
    private static void checkAttributes(JsonNode spec, JsonNode before, boolean applied, Problems problems) {
        if (!applied || spec.path(ATTRIBUTES).equals(before.path(ATTRIBUTES))) {
            return;
        }
        var detail = "update to %s is forbidden when status.currentVolumeAttributesClassName is not nil";
        if (!spec.has(ATTRIBUTES)) {
            problems.forbidden("spec." + ATTRIBUTES, detail.formatted("nil"));
        } else if (spec.get(ATTRIBUTES).asText().isEmpty()) {
            problems.forbidden("spec." + ATTRIBUTES, detail.formatted("empty string"));
        }
    }

    /// Where a claim says its class only in the old annotation, the field may take over.
    private static void checkClass(ObjectNode claim, ObjectNode stored, ObjectNode leveled, Problems problems) {
        var now = claim.path("metadata").path("annotations").path(OLD_CLASS).asText("");
        var old = stored.path("metadata").path("annotations").path(OLD_CLASS).asText("");
        var chosen = leveled.path(CLASS).asText("");
        boolean unset = !stored.path("spec").has(CLASS) && leveled.has(CLASS);
        boolean takenOver = unset && chosen.equals(old) && (now.isEmpty() || now.equals(old));
        if (!takenOver && !now.equals(old)) {
            problems.invalid("metadata.annotations." + OLD_CLASS, now, Problems.IMMUTABLE);
        }
        if (unset && (old.isEmpty() || chosen.equals(old))) {
            leveled.remove(CLASS);
        }
    }

    /// Undoes in `spec` every change that is allowed.
    private static void takeAllowed(ObjectNode spec, ObjectNode stored) {
        var before = (ObjectNode) stored.path("spec");
        if (before.path("volumeName").asText("").isEmpty()) {
            Copies.field("volumeName", before, spec);
        }
        if (!stored.path("status").path("phase").asText("").equals("Bound")) {
            return;
        }
        var size = before.path("resources").path("requests").path("storage");
        if (!size.isMissingNode()
                && spec.path("resources").path("requests") instanceof ObjectNode requests
                && requests.has("storage")) {
            requests.set("storage", size);
        }
        Copies.field(ATTRIBUTES, before, spec);
    }

    /// A volume never shrinks; a wish that was too large may be taken back to more than what is there.
    private static void checkSize(JsonNode spec, JsonNode before, ObjectNode stored, Problems problems) {
        var now = ResourceRules.amount(spec.path("resources").path("requests").path("storage"));
        var old = ResourceRules.amount(before.path("resources").path("requests").path("storage"));
        if (now.isEmpty() || old.isEmpty() || now.get().compareTo(old.get()) >= 0) {
            return;
        }
        var actual = ResourceRules.amount(stored.path("status").path("capacity").path("storage"));
        if (actual.isPresent() && now.get().compareTo(actual.get()) <= 0) {
            problems.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
        }
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var status = candidate.path("status");
        status.path("capacity").properties().forEach(amount -> {
            var path = Problems.at("status.capacity", amount.getKey());
            ResourceRules.checkBasic(path, amount.getValue(), problems);
        });
        status.path("allocatedResourceStatuses").properties().forEach(resize -> {
            checkResource("status.allocatedResourceStatuses", resize.getKey(), problems);
            if (!RESIZES.contains(resize.getValue().asText())) {
                problems.notSupported("status.allocatedResourceStatuses", resize.getKey(), RESIZES);
            }
        });
        status.path("allocatedResources").properties().forEach(amount -> {
            var path = "status.allocatedResources";
            if (checkResource(path, amount.getKey(), problems)) {
                ResourceRules.checkBasic(Problems.at(path, amount.getKey()), amount.getValue(), problems);
            }
        });
    }

    /// Of what Kubernetes knows, a claim has nothing but storage. Answers whether the name is fine.
    private static boolean checkResource(String path, String name, Problems problems) {
        var details = Names.qualifiedName(name);
        problems.invalid(path, name, details);
        boolean isNative = name.indexOf('/') < 0 || name.contains("kubernetes.io/");
        if (details.isEmpty() && isNative && !name.equals("storage")) {
            problems.notSupported(path, name, List.of("storage"));
            return false;
        }
        return details.isEmpty();
    }

    @Override
    public List<String> warnings(ObjectNode claim) {
        var warnings = new ArrayList<String>();
        if (claim.path("metadata").path("annotations").has(OLD_CLASS)) {
            warnings.add("metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use"
                    + " \"storageClassName\" attribute instead");
        }
        warnings.addAll(ClaimWarnings.of("spec", claim.path("spec")));
        return warnings;
    }
}
