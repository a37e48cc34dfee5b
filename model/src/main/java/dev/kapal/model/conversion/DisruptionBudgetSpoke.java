package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;

/// An empty selector meant no pod once and means every pod today. What one version cannot say is said with a label that
/// no pod has.
final class DisruptionBudgetSpoke implements Spoke {
    static final Spoke SPOKE = new DisruptionBudgetSpoke();

    private static final String LABEL = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match";
    private static final ObjectNode EMPTY = Documents.object();
    private static final ObjectNode NONE_TODAY = selector("Exists");
    private static final ObjectNode ALL_THEN = selector("DoesNotExist");

    @Override
    public void toStored(ObjectNode document) {
        replace(document, EMPTY, NONE_TODAY, ALL_THEN, EMPTY);
    }

    @Override
    public void toServed(ObjectNode document) {
        replace(document, NONE_TODAY, EMPTY, EMPTY, ALL_THEN);
    }

    private static void replace(ObjectNode document, ObjectNode one, ObjectNode by, ObjectNode other, ObjectNode byIt) {
        Fields.object(document, "spec")
                .ifPresent(spec -> Fields.object(spec, "selector").ifPresent(selector -> {
                    if (selector.equals(one)) {
                        spec.set("selector", by.deepCopy());
                    } else if (selector.equals(other)) {
                        spec.set("selector", byIt.deepCopy());
                    }
                }));
    }

    private static ObjectNode selector(String operator) {
        var selector = Documents.object();
        selector.putArray("matchExpressions").addObject().put("key", LABEL).put("operator", operator);
        return selector;
    }
}
