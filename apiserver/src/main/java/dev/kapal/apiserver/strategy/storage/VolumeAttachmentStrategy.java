package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AttachedVolumes;
import dev.kapal.apiserver.strategy.DisabledFields;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One volume at one node: the attachment never moves.
final class VolumeAttachmentStrategy implements Strategy {
    /// Source: Kubernetes feature gate MutableCSINodeAllocatableCount.
    private static final List<DisabledFields> ERROR_CODES = List.of(
            DisabledFields.of("status.attachError.errorCode"), DisabledFields.of("status.detachError.errorCode"));

    @Override
    public void check(ObjectNode attachment, Optional<ObjectNode> stored, Problems problems) {
        var spec = attachment.path("spec");
        AttachedVolumes.checkDriver("spec.attacher", spec.path("attacher").asText(""), problems);
        checkSource(spec.path("source"), problems);
        var node = spec.path("nodeName").asText("");
        problems.invalid("spec.nodeName", node, Names.dns1123Subdomain(node));
        stored.ifPresent(before -> {
            if (!spec.equals(before.path("spec"))) {
                problems.invalid("spec", spec, Problems.IMMUTABLE);
            }
        });
    }

    private static void checkSource(JsonNode source, Problems problems) {
        var path = "spec.source";
        boolean inline = source.has("inlineVolumeSpec");
        boolean named = source.has("persistentVolumeName");
        if (!inline && !named) {
            problems.required(path, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (inline && named) {
            problems.forbidden(path, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (named && source.get("persistentVolumeName").asText().isEmpty()) {
            problems.required(path + ".persistentVolumeName", "must specify non empty persistentVolumeName");
        } else if (inline) {
            VolumeSources.check(path + ".inlineVolumeSpec", source.get("inlineVolumeSpec"), problems);
        }
    }

    @Override
    public Set<String> keptByStatus() {
        return METADATA;
    }

    @Override
    public void onStatusUpdate(ObjectNode incoming, ObjectNode stored) {
        ERROR_CODES.forEach(code -> code.drop(incoming, stored));
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        for (var field : new String[] {"attachError", "detachError"}) {
            var message = candidate.path("status").path(field).path("message").asText("");
            if (message.length() > 1024) {
                problems.tooLong("status." + field + ".message", 1024);
            }
        }
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
