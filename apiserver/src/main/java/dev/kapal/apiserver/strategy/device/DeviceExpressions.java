package dev.kapal.apiserver.strategy.device;

import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.cel.CelEnvironment;
import dev.kapal.cel.CompileException;
import dev.kapal.cel.ValueType;
import dev.kapal.cel.ValueType.Plain;
import dev.kapal.cel.ValueType.Sized;
import dev.kapal.cel.ValueType.SizedMap;
import java.util.Map;

/// Expressions that are true of some devices. They are tried when somebody writes them; whoever allocates evaluates
/// them. Source: Kubernetes documentation, "Dynamic Resource Allocation", and API reference, CELDeviceSelector.
final class DeviceExpressions {
    private static final double MOST_COST = 1_000_000;
    /// How many attributes and capacities a device can have.
    private static final int MOST = 32;
    /// How long names of drivers and before the slash of attributes can be, and those behind it.
    private static final int DOMAIN = 63;

    private static final int ID = 32;
    /// How long the text of an attribute can be.
    private static final int ATTRIBUTE = 64;

    private DeviceExpressions() {}

    /// Not loaded before the first expression.
    private static final class Devices {
        static final CelEnvironment ENVIRONMENT = CelEnvironment.builder()
                .variable(
                        "device",
                        new ValueType.Struct(
                                "kubernetes.DRADevice",
                                Map.of(
                                        "driver", new Sized(Plain.STRING, DOMAIN),
                                        "attributes", byName(new Sized(Plain.DYN, ATTRIBUTE)),
                                        "capacity", byName(new Sized(Plain.DYN, 0)))))
                .bindings()
                .build();

        private static ValueType byName(ValueType value) {
            return new SizedMap(DOMAIN, new SizedMap(ID, value, MOST), MOST);
        }
    }

    static void check(String path, String expression, Problems problems) {
        try {
            var program = Devices.ENVIRONMENT.compile(expression);
            var type = program.resultType();
            if (!CelEnvironment.mayBe(type, "bool")) {
                problems.invalid(path, expression, "must evaluate to bool or the unknown type, not " + type);
            } else if (program.worstCost() > MOST_COST) {
                problems.forbidden(path, "too complex, exceeds cost limit");
            }
        } catch (CompileException broken) {
            problems.invalid(path, expression, broken.getMessage());
        }
    }
}
