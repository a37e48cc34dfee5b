package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Problem;
import dev.kapal.model.ScalePaths;
import java.util.List;

/// What a custom resource that can be scaled must fulfil, whatever its schema says.
final class ScaleRules {
    private ScaleRules() {}

    static void check(ScalePaths paths, ObjectNode object, List<Problem> found) {
        replicas(paths.specReplicas(), object, found);
        replicas(paths.statusReplicas(), object, found);
        if (!paths.labelSelector().isEmpty()) {
            var selector = ScalePaths.find(object, paths.labelSelector());
            if (!selector.isMissingNode() && !selector.isTextual()) {
                found.add(Problem.invalid(
                        paths.labelSelector(), "", wrongType(paths.labelSelector(), selector, "string")));
            }
        }
    }

    private static void replicas(String path, ObjectNode object, List<Problem> found) {
        var value = ScalePaths.find(object, path);
        if (value.isMissingNode()) {
            return;
        }
        if (!value.isIntegralNumber()) {
            found.add(Problem.invalid(path, 0, wrongType(path, value, "int64")));
        } else if (value.asLong() < 0) {
            found.add(Problem.invalid(path, value, "should be a non-negative integer"));
        } else if (value.asLong() > Integer.MAX_VALUE) {
            found.add(Problem.invalid(path, value, "should be less than or equal to " + Integer.MAX_VALUE));
        }
    }

    private static String wrongType(String path, JsonNode value, String wanted) {
        return path + " accessor error: " + value + " is of the type " + goType(value) + ", expected " + wanted;
    }

    private static String goType(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            case ARRAY -> "[]interface {}";
            case OBJECT -> "map[string]interface {}";
            default -> "<nil>";
        };
    }
}
