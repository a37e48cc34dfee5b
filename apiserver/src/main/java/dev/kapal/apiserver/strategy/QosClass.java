package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Quantity;
import java.util.List;

/// How well a pod's resources are reserved. Source: Pod Quality of Service Classes.
final class QosClass {
    private static final List<String> COUNTED = List.of("cpu", "memory");

    private QosClass() {}

    static String of(JsonNode spec) {
        boolean any = false;
        boolean guaranteed = true;
        for (var list : List.of("containers", "initContainers")) {
            for (var container : spec.path(list)) {
                var requests = container.path("resources").path("requests");
                var limits = container.path("resources").path("limits");
                for (var resource : COUNTED) {
                    boolean requested = isSet(requests.path(resource));
                    boolean limited = isSet(limits.path(resource));
                    any |= requested || limited;
                    guaranteed &= limited && (!requested || same(requests.get(resource), limits.get(resource)));
                }
            }
        }
        if (!any) {
            return "BestEffort";
        }
        return guaranteed ? "Guaranteed" : "Burstable";
    }

    private static boolean isSet(JsonNode amount) {
        return !amount.isMissingNode()
                && Quantity.parse(amount.asText()).amount().signum() > 0;
    }

    private static boolean same(JsonNode one, JsonNode other) {
        return Quantity.parse(one.asText()).compareTo(Quantity.parse(other.asText())) == 0;
    }
}
