package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersion;
import java.util.LinkedHashMap;
import java.util.Map;

/// `events.k8s.io` and core Events: the same facts under other names.
final class EventSpoke implements Spoke {
    static final Spoke SPOKE = new EventSpoke();

    /// Names in `events.k8s.io` by those in the core group.
    private static final Map<String, String> NAMES = Map.of(
            "involvedObject", "regarding",
            "message", "note",
            "reportingComponent", "reportingController",
            "source", "deprecatedSource",
            "firstTimestamp", "deprecatedFirstTimestamp",
            "lastTimestamp", "deprecatedLastTimestamp",
            "count", "deprecatedCount");

    /// What the two versions can select by.
    static final Map<GroupVersion, Map<String, String>> FIELDS = Map.of(
            new GroupVersion("events.k8s.io", "v1"), labels(),
            new GroupVersion("events.k8s.io", "v1beta1"), labels());

    private static Map<String, String> labels() {
        var labels = new LinkedHashMap<String, String>();
        for (var field :
                new String[] {"kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"}) {
            labels.put("regarding." + field, "involvedObject." + field);
        }
        labels.put("reason", "reason");
        labels.put("reportingController", "reportingComponent");
        labels.put("source", "source");
        labels.put("type", "type");
        labels.put("metadata.name", "metadata.name");
        labels.put("metadata.namespace", "metadata.namespace");
        return labels;
    }

    @Override
    public void toStored(ObjectNode document) {
        NAMES.forEach((core, events) -> Fields.rename(document, events, core));
    }

    @Override
    public void toServed(ObjectNode document) {
        NAMES.forEach((core, events) -> Fields.rename(document, core, events));
    }
}
