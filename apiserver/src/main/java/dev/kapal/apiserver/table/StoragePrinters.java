package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Volumes, claims, classes of storage and what drivers say of themselves.
final class StoragePrinters {
    private static final String GROUP = "storage.k8s.io";
    private static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";
    private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
    private static final String OLD_DEFAULT_CLASS = "storageclass.beta.kubernetes.io/is-default-class";
    private static final String DEFAULT_ATTRIBUTES = "volumeattributesclass.alpha.kubernetes.io/is-default-class";
    private static final Map<String, String> MODES = modes();

    private StoragePrinters() {}

    static Map<GroupResource, Printer> all() {
        return Map.of(
                new GroupResource("", "persistentvolumes"), StoragePrinters::volume,
                new GroupResource("", "persistentvolumeclaims"), StoragePrinters::claim,
                new GroupResource(GROUP, "storageclasses"), StoragePrinters::storageClass,
                new GroupResource(GROUP, "csidrivers"), StoragePrinters::driver,
                new GroupResource(GROUP, "csinodes"), StoragePrinters::node,
                new GroupResource(GROUP, "csistoragecapacities"), StoragePrinters::capacity,
                new GroupResource(GROUP, "volumeattachments"), StoragePrinters::attachment,
                new GroupResource(GROUP, "volumeattributesclasses"), StoragePrinters::attributes);
    }

    /// In the order in which they are shown.
    private static Map<String, String> modes() {
        var modes = new LinkedHashMap<String, String>();
        modes.put("ReadWriteOnce", "RWO");
        modes.put("ReadOnlyMany", "ROX");
        modes.put("ReadWriteMany", "RWX");
        modes.put("ReadWriteOncePod", "RWOP");
        return modes;
    }

    private static String modes(JsonNode modes) {
        var present = Cells.texts(modes);
        var shown = new ArrayList<String>();
        MODES.forEach((mode, sign) -> {
            if (present.contains(mode)) {
                shown.add(sign);
            }
        });
        return String.join(",", shown);
    }

    private static String phase(ObjectNode object) {
        return object.path("metadata").has("deletionTimestamp")
                ? "Terminating"
                : object.path("status").path("phase").asText("");
    }

    private static String className(ObjectNode object) {
        var named = object.path("spec").path("storageClassName").asText("");
        return object.path("metadata").path("annotations").path(OLD_CLASS).asText(named);
    }

    private static void volume(ObjectNode volume, Instant now, ArrayNode cells) {
        var spec = volume.path("spec");
        var claim = spec.path("claimRef");
        cells.add(Cells.name(volume))
                .add(spec.path("capacity").path("storage").asText("0"))
                .add(modes(spec.path("accessModes")))
                .add(spec.path("persistentVolumeReclaimPolicy").asText(""))
                .add(phase(volume))
                .add(
                        claim.isMissingNode()
                                ? ""
                                : claim.path("namespace").asText("") + "/"
                                        + claim.path("name").asText(""))
                .add(className(volume))
                .add(spec.path("volumeAttributesClassName").asText(Cells.UNSET))
                .add(volume.path("status").path("reason").asText(""))
                .add(Cells.age(volume, now))
                .add(Cells.or(spec.path("volumeMode"), Cells.UNSET));
    }

    private static void claim(ObjectNode claim, Instant now, ArrayNode cells) {
        var spec = claim.path("spec");
        var status = claim.path("status");
        boolean hasVolume = !spec.path("volumeName").asText("").isEmpty();
        cells.add(Cells.name(claim))
                .add(phase(claim))
                .add(spec.path("volumeName").asText(""))
                .add(hasVolume ? status.path("capacity").path("storage").asText("0") : "")
                .add(hasVolume ? modes(status.path("accessModes")) : "")
                .add(className(claim))
                .add(spec.path("volumeAttributesClassName").asText(Cells.UNSET))
                .add(Cells.age(claim, now))
                .add(Cells.or(spec.path("volumeMode"), Cells.UNSET));
    }

    private static void storageClass(ObjectNode storage, Instant now, ArrayNode cells) {
        cells.add(withDefault(storage, DEFAULT_CLASS, OLD_DEFAULT_CLASS))
                .add(storage.path("provisioner").asText(""))
                .add(Cells.or(storage.path("reclaimPolicy"), "Delete"))
                .add(Cells.or(storage.path("volumeBindingMode"), "Immediate"))
                .add(storage.path("allowVolumeExpansion").asBoolean(false))
                .add(Cells.age(storage, now));
    }

    /// The name of a class, and whether it is the one that is used when none is named.
    private static String withDefault(ObjectNode object, String... annotations) {
        var present = object.path("metadata").path("annotations");
        boolean isDefault = Arrays.stream(annotations)
                .anyMatch(annotation -> present.path(annotation).asText("").equals("true"));
        return isDefault ? Cells.name(object) + " (default)" : Cells.name(object);
    }

    private static void driver(ObjectNode driver, Instant now, ArrayNode cells) {
        var spec = driver.path("spec");
        var tokens = spec.path("tokenRequests");
        cells.add(Cells.name(driver))
                .add(spec.path("attachRequired").asBoolean(true))
                .add(spec.path("podInfoOnMount").asBoolean(false))
                .add(spec.path("storageCapacity").asBoolean(false))
                .add(tokens.isMissingNode() ? Cells.UNSET : Cells.each(tokens, "audience"))
                .add(spec.path("requiresRepublish").asBoolean(false))
                .add(
                        spec.path("volumeLifecycleModes").isEmpty()
                                ? Cells.NONE
                                : String.join(",", Cells.texts(spec.get("volumeLifecycleModes"))))
                .add(Cells.age(driver, now));
    }

    private static void node(ObjectNode node, Instant now, ArrayNode cells) {
        cells.add(Cells.name(node))
                .add(node.path("spec").path("drivers").size())
                .add(Cells.age(node, now));
    }

    private static void capacity(ObjectNode capacity, Instant now, ArrayNode cells) {
        cells.add(Cells.name(capacity))
                .add(capacity.path("storageClassName").asText(""))
                .add(Cells.or(capacity.path("capacity"), Cells.UNSET));
    }

    private static void attachment(ObjectNode attachment, Instant now, ArrayNode cells) {
        var spec = attachment.path("spec");
        cells.add(Cells.name(attachment))
                .add(spec.path("attacher").asText(""))
                .add(spec.path("source").path("persistentVolumeName").asText(""))
                .add(spec.path("nodeName").asText(""))
                .add(attachment.path("status").path("attached").asBoolean(false))
                .add(Cells.age(attachment, now));
    }

    private static void attributes(ObjectNode attributes, Instant now, ArrayNode cells) {
        cells.add(withDefault(attributes, DEFAULT_ATTRIBUTES))
                .add(attributes.path("driverName").asText(""))
                .add(Cells.age(attributes, now));
    }
}
