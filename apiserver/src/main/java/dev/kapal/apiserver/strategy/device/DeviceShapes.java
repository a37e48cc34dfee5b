package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.model.Problem;
import dev.kapal.model.codec.Documents;
import java.util.List;

/// How upstream's messages show the structures of claims. Source: Kubernetes, internal types of resource.k8s.io.
final class DeviceShapes {
    /// Which device it is: upstream keeps the parts of this name to itself.
    static final Problem.Plain ID = new Problem.Plain("{\"Driver\":{},\"Pool\":{},\"Device\":{},\"ShareID\":{}}");

    private static final String SELECTORS = "Selectors[CEL?{Expression}]";
    private static final String TOLERATIONS = "Tolerations[Key Operator Value Effect TolerationSeconds?]";
    private static final String EXACTLY = "Exactly?{DeviceClassName " + SELECTORS
            + " AllocationMode Count# AdminAccess? " + TOLERATIONS + " Capacity?{Requests?}}";
    private static final String ALTERNATIVES = "FirstAvailable[Name DeviceClassName " + SELECTORS
            + " AllocationMode Count# " + TOLERATIONS + " Capacity?{Requests?}]";
    private static final String OPAQUE = "Opaque?{Driver Parameters?}";
    private static final String CLAIM = "Devices{Requests[Name " + EXACTLY + " " + ALTERNATIVES
            + "] Constraints[Requests? MatchAttribute? DistinctAttribute?] Config[Requests? " + OPAQUE + "]}";
    private static final String TERMS = "[Key Operator Values?]";
    private static final String ALLOCATION = "Devices{Results[Request Driver Pool Device AdminAccess? " + TOLERATIONS
            + " BindingConditions? BindingFailureConditions? ShareID? ConsumedCapacity?]"
            + " Config[Source Requests? " + OPAQUE + "]}"
            + " NodeSelector?{NodeSelectorTerms[MatchExpressions" + TERMS + " MatchFields" + TERMS + "]}"
            + " AllocationTimestamp?";

    private DeviceShapes() {}

    static ObjectNode claim(JsonNode spec) {
        return GoStruct.of(spec, CLAIM);
    }

    static ObjectNode template(JsonNode spec) {
        var shown = Documents.object();
        for (var field : List.of("labels", "annotations")) {
            if (spec.path("metadata").has(field)) {
                shown.set(field, spec.path("metadata").get(field));
            }
        }
        return shown.setAll(GoStruct.of(spec, "Spec{" + CLAIM + "}"));
    }

    static ObjectNode allocation(JsonNode allocation) {
        return GoStruct.of(allocation, ALLOCATION);
    }
}
