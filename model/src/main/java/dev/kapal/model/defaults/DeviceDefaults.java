package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Defaults of requests for devices. Source: resource.k8s.io/v1 API reference.
final class DeviceDefaults {
    private DeviceDefaults() {}

    static void request(ObjectNode request) {
        if (request.path("allocationMode").asText().isEmpty()) {
            request.put("allocationMode", "ExactCount");
        }
        if (request.path("allocationMode").asText().equals("ExactCount")
                && request.path("count").asLong(0) == 0) {
            request.put("count", 1);
        }
    }
}
