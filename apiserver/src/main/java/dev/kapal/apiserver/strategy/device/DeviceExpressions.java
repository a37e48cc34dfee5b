package dev.kapal.apiserver.strategy.device;

import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.cel.CelEnvironment;
import dev.kapal.cel.CompileException;
import dev.kapal.cel.ValueType;
import dev.kapal.cel.ValueType.MapOf;
import dev.kapal.cel.ValueType.Plain;
import java.util.Map;

/// Expressions that are true of some devices. They are tried when somebody writes them; whoever allocates evaluates
/// them. Source: Kubernetes documentation, "Dynamic Resource Allocation", and API reference, CELDeviceSelector.
final class DeviceExpressions {
    private DeviceExpressions() {}

    /// Not loaded before the first expression.
    private static final class Devices {
        static final CelEnvironment ENVIRONMENT = CelEnvironment.builder()
                .variable(
                        "device",
                        new ValueType.Struct(
                                "kubernetes.DRADevice",
                                Map.of(
                                        "driver", Plain.STRING,
                                        "attributes", new MapOf(new MapOf(Plain.DYN)),
                                        "capacity", new MapOf(new MapOf(Plain.DYN)))))
                .bindings()
                .build();
    }

    static void check(String path, String expression, Problems problems) {
        try {
            var type = Devices.ENVIRONMENT.compile(expression).resultType();
            if (!CelEnvironment.mayBe(type, "bool")) {
                problems.invalid(path, expression, "must evaluate to bool or the unknown type, not " + type);
            }
        } catch (CompileException broken) {
            problems.invalid(path, expression, broken.getMessage());
        }
    }
}
