package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;

/// Devices and claims to them.
final class DevicePrinters {
    private static final String GROUP = "resource.k8s.io";

    private DevicePrinters() {}

    static Map<GroupResource, Printer> all() {
        return Map.of(
                new GroupResource(GROUP, "deviceclasses"), DevicePrinters::named,
                new GroupResource(GROUP, "resourceclaimtemplates"), DevicePrinters::named,
                new GroupResource(GROUP, "resourceclaims"), DevicePrinters::claim,
                new GroupResource(GROUP, "resourceslices"), DevicePrinters::slice);
    }

    private static void named(ObjectNode object, Instant now, ArrayNode cells) {
        cells.add(Cells.name(object)).add(Cells.age(object, now));
    }

    private static void claim(ObjectNode claim, Instant now, ArrayNode cells) {
        var status = claim.path("status");
        var states = new ArrayList<String>();
        boolean deleted = claim.path("metadata").has("deletionTimestamp");
        if (deleted) {
            states.add("deleted");
        }
        if (status.has("allocation")) {
            states.add("allocated");
            if (!status.path("reservedFor").isEmpty()) {
                states.add("reserved");
            }
        } else if (!deleted) {
            states.add("pending");
        }
        cells.add(Cells.name(claim)).add(String.join(",", states)).add(Cells.age(claim, now));
    }

    private static void slice(ObjectNode slice, Instant now, ArrayNode cells) {
        var spec = slice.path("spec");
        cells.add(Cells.name(slice))
                .add(Cells.or(spec.path("nodeName"), Cells.UNSET))
                .add(spec.path("driver").asText(""))
                .add(spec.path("pool").path("name").asText(""))
                .add(Cells.age(slice, now));
    }
}
