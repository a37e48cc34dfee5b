package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.DisabledFields;
import java.util.List;

/// What v1.34 knows of devices but leaves switched off. Source: Kubernetes feature gates DRAConsumableCapacity,
/// DRADeviceBindingConditions, DRADeviceTaints, DRAExtendedResource and DRAPartitionableDevices.
final class DeviceFeatures {
    private static final DisabledFields SHARES = DisabledFields.of(
            "devices.requests[].exactly.capacity",
            "devices.requests[].firstAvailable[].capacity",
            "devices.constraints[].distinctAttribute");
    private static final List<DisabledFields> STATUS = List.of(
            DisabledFields.of(
                    "status.allocation.devices.results[].shareID",
                    "status.allocation.devices.results[].consumedCapacity",
                    "status.devices[].shareID"),
            DisabledFields.of(
                    "status.allocation.devices.results[].bindingConditions",
                    "status.allocation.devices.results[].bindingFailureConditions"));
    private static final List<DisabledFields> SLICES = List.of(
            DisabledFields.of("spec.devices[].taints"),
            DisabledFields.of(
                    "spec.sharedCounters",
                    "spec.perDeviceNodeSelection",
                    "spec.devices[].consumesCounters",
                    "spec.devices[].nodeName",
                    "spec.devices[].nodeSelector",
                    "spec.devices[].allNodes"),
            DisabledFields.of(
                    "spec.devices[].bindsToNode",
                    "spec.devices[].bindingConditions",
                    "spec.devices[].bindingFailureConditions"),
            DisabledFields.of("spec.devices[].allowMultipleAllocations", "spec.devices[].capacity[].requestPolicy"));
    private static final DisabledFields EXTENDED = DisabledFields.of("spec.extendedResourceName");

    private DeviceFeatures() {}

    static void dropFromClaim(JsonNode spec, JsonNode stored) {
        SHARES.drop(spec, stored);
    }

    static void dropFromStatus(JsonNode claim, JsonNode stored) {
        STATUS.forEach(feature -> feature.drop(claim, stored));
    }

    static void dropFromSlice(JsonNode slice, JsonNode stored) {
        SLICES.forEach(feature -> feature.drop(slice, stored));
    }

    static void dropFromClass(JsonNode device, JsonNode stored) {
        EXTENDED.drop(device, stored);
    }
}
