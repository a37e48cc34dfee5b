package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.Optional;

/// Which devices a class means, and what their drivers are told.
final class DeviceClassStrategy implements Strategy {
    private static final int CONFIGURATIONS = 32;

    @Override
    public void onCreate(ObjectNode incoming) {
        DeviceFeatures.dropFromClass(incoming, MissingNode.getInstance());
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        DeviceFeatures.dropFromClass(incoming, stored);
    }

    @Override
    public void check(ObjectNode device, Optional<ObjectNode> stored, Problems problems) {
        var spec = device.path("spec");
        SelectorRules.checkSelectors("spec.selectors", spec.path("selectors"), problems);
        DeviceLists.check(
                "spec.config",
                spec.path("config"),
                CONFIGURATIONS,
                (path, configuration) -> DeviceNames.checkConfiguration(path, configuration, problems),
                problems);
    }
}
