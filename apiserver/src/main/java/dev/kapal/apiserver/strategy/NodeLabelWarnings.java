package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Labels of nodes that are called otherwise today. Source: well-known labels, annotations and taints.
public final class NodeLabelWarnings {
    private static final Map<String, String> OLD = Map.of(
            "beta.kubernetes.io/arch",
            "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
            "beta.kubernetes.io/os",
            "deprecated since v1.14; use \"kubernetes.io/os\" instead",
            "failure-domain.beta.kubernetes.io/region",
            "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
            "failure-domain.beta.kubernetes.io/zone",
            "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
            "beta.kubernetes.io/instance-type",
            "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
            "app.kubernetes.io/created-by",
            "deprecated since v1.9",
            "scheduler.alpha.kubernetes.io/preferAvoidPods",
            "deprecated since v1.22; use Taints and Tolerations instead",
            "node-role.kubernetes.io/master",
            "use \"node-role.kubernetes.io/control-plane\" instead");

    private NodeLabelWarnings() {}

    /// With them, what chooses no pods because nobody said which.
    ///
    /// @param path of the pod's specification
    static void ofPod(String path, JsonNode spec, List<String> warnings) {
        spec.path("nodeSelector").fieldNames().forEachRemaining(key -> {
            if (OLD.containsKey(key)) {
                warnings.add(path + ".nodeSelector[" + key + "]: " + OLD.get(key));
            }
        });
        var affinity = spec.path("affinity").path("nodeAffinity");
        var place = path + ".affinity.nodeAffinity.";
        ofSelector(place + AffinityRules.REQUIRED, affinity.path(AffinityRules.REQUIRED), warnings);
        var preferred = affinity.path(AffinityRules.PREFERRED);
        for (int i = 0; i < preferred.size(); i++) {
            var term = preferred.get(i).path("preference");
            var wish = Problems.at(place + AffinityRules.PREFERRED, i) + ".preference";
            ofTerm(wish, term, true, warnings);
        }
        var constraints = spec.path("topologySpreadConstraints");
        for (int i = 0; i < constraints.size(); i++) {
            var at = Problems.at(path + ".topologySpreadConstraints", i);
            ofKey(at + ".topologyKey", constraints.get(i).path("topologyKey").asText(""), warnings);
            if (!constraints.get(i).has("labelSelector")) {
                warnings.add(at + PodWarnings.MATCHES_NOTHING);
            }
        }
    }

    public static void ofSelector(String path, JsonNode selector, List<String> warnings) {
        var terms = selector.path("nodeSelectorTerms");
        for (int i = 0; i < terms.size(); i++) {
            ofTerm(Problems.at(path + ".nodeSelectorTerms", i), terms.get(i), false, warnings);
        }
    }

    /// @param path of keys that must have a value each
    public static void ofKeys(String path, JsonNode labels, List<String> warnings) {
        labels.fieldNames().forEachRemaining(key -> {
            if (OLD.containsKey(key)) {
                warnings.add(path + ": " + OLD.get(key));
            }
        });
    }

    /// The same of a label selector.
    public static void ofLabelSelector(String path, JsonNode selector, List<String> warnings) {
        ofTerm(path, selector, false, warnings);
        selector.path("matchLabels").fieldNames().forEachRemaining(key -> {
            if (OLD.containsKey(key)) {
                warnings.add(path + ".matchLabels." + key + ": " + OLD.get(key));
            }
        });
    }

    /// The same of the topologies of a storage class.
    public static List<String> ofTopologies(String path, JsonNode topologies) {
        var warnings = new ArrayList<String>();
        for (int i = 0; i < topologies.size(); i++) {
            var at = Problems.at(path, i) + ".matchLabelExpressions";
            var expressions = topologies.get(i).path("matchLabelExpressions");
            for (int j = 0; j < expressions.size(); j++) {
                var key = expressions.get(j).path("key").asText("");
                if (OLD.containsKey(key)) {
                    warnings.add(Problems.at(at, j) + ": " + OLD.get(key));
                }
            }
        }
        return warnings;
    }

    /// @param weighsValues whether values that no label has are not refused
    private static void ofTerm(String path, JsonNode term, boolean weighsValues, List<String> warnings) {
        var expressions = term.path("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            var at = Problems.at(path + ".matchExpressions", i);
            ofKey(at + ".key", expressions.get(i).path("key").asText(""), warnings);
            if (weighsValues) {
                ofValues(at + ".values", expressions.get(i).path("values"), warnings);
            }
        }
    }

    private static void ofValues(String path, JsonNode values, List<String> warnings) {
        for (int i = 0; i < values.size(); i++) {
            var value = values.get(i).asText();
            for (var detail : Names.labelValue(value)) {
                warnings.add(Problems.at(path, i) + ": " + value + " is invalid, " + detail);
            }
        }
    }

    private static void ofKey(String path, String key, List<String> warnings) {
        if (OLD.containsKey(key)) {
            warnings.add(path + ": " + key + " is " + OLD.get(key));
        }
    }
}
