package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.LabelRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.Optional;

/// What claims are made from; it never changes.
final class ResourceClaimTemplateStrategy implements Strategy {
    private final AdminAccess access;

    ResourceClaimTemplateStrategy(AdminAccess access) {
        this.access = access;
    }

    @Override
    public void onCreate(ObjectNode incoming) {
        DeviceFeatures.dropFromClaim(incoming.at("/spec/spec"), MissingNode.getInstance());
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        DeviceFeatures.dropFromClaim(incoming.at("/spec/spec"), stored.at("/spec/spec"));
    }

    @Override
    public void check(ObjectNode template, Optional<ObjectNode> stored, Problems problems) {
        var spec = template.path("spec");
        if (stored.isPresent()) {
            if (!spec.equals(stored.get().path("spec"))) {
                problems.invalid("spec", DeviceShapes.template(spec), Problems.IMMUTABLE);
            }
        } else {
            access.check(
                    template.path("metadata").path("namespace").asText(""),
                    spec.at("/spec/devices/requests"),
                    problems);
        }
        LabelRules.checkTemplate("spec.metadata", spec.path("metadata"), problems);
        ClaimSpecRules.check("spec.spec", spec.path("spec"), problems);
    }
}
