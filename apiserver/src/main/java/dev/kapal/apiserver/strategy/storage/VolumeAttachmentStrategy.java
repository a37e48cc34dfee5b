package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AttachedVolumes;
import dev.kapal.apiserver.strategy.DisabledFields;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Sizes;
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

    private static final String SHAPE = "Attacher Source{PersistentVolumeName? InlineVolumeSpec?} NodeName";
    private static final int METADATA_BYTES = 256 * 1024;
    private static final int MESSAGE_BYTES = 1024;

    @Override
    public void check(ObjectNode attachment, Optional<ObjectNode> stored, Problems problems) {
        var spec = attachment.path("spec");
        checkAttachment(attachment, problems);
        if (stored.isEmpty()) {
            AttachedVolumes.checkDriver("spec.attacher", spec.path("attacher").asText(""), problems);
            if (spec.path("source").has("persistentVolumeName")) {
                var volume = spec.path("source").get("persistentVolumeName").asText();
                problems.invalid("spec.source.persistentVolumeName", volume, Names.dns1123Subdomain(volume));
            }
        } else {
            checkAttachment(attachment, problems); // upstream does it twice
            if (!spec.equals(stored.get().path("spec"))) {
                problems.invalid("spec", GoStruct.of(spec, SHAPE), Problems.IMMUTABLE);
            }
        }
    }

    private static void checkAttachment(ObjectNode attachment, Problems problems) {
        var spec = attachment.path("spec");
        AttachedVolumes.required("spec", spec, problems, "attacher");
        checkSource(spec.path("source"), problems);
        var node = spec.path("nodeName").asText("");
        problems.invalid("spec.nodeName", node, Names.dns1123Subdomain(node));
        checkStatus(attachment.path("status"), problems);
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
            VolumeSpecRules.checkInline(path + ".inlineVolumeSpec", source.get("inlineVolumeSpec"), problems);
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
        check(candidate, Optional.of(stored), problems);
    }

    private static void checkStatus(JsonNode status, Problems problems) {
        long size = status.path("attachmentMetadata").properties().stream()
                .mapToLong(entry ->
                        Sizes.utf8(entry.getKey()) + Sizes.utf8(entry.getValue().asText()))
                .sum();
        if (size > METADATA_BYTES) {
            problems.tooLong("status.attachmentMetadata", METADATA_BYTES);
        }
        for (var field : List.of("attachError", "detachError")) {
            var message = status.path(field).path("message").asText("");
            if (Sizes.utf8(message) > MESSAGE_BYTES) {
                problems.tooLong("status." + field + ".message", METADATA_BYTES); // so upstream says
            }
        }
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
