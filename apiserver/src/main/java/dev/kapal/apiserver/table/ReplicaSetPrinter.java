package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// Name, desired, current, ready, age; wide: containers, images, selector.
final class ReplicaSetPrinter implements Printer {
    @Override
    public void print(ObjectNode set, Instant now, ArrayNode cells) {
        var spec = set.path("spec");
        var status = set.path("status");
        var containers = spec.path("template").path("spec").path("containers");
        cells.add(Cells.name(set))
                .add(spec.path("replicas").asInt(0))
                .add(status.path("replicas").asInt(0))
                .add(status.path("readyReplicas").asInt(0))
                .add(Cells.age(set, now))
                .add(Cells.each(containers, "name"))
                .add(Cells.each(containers, "image"))
                .add(Cells.selector(spec.path("selector")));
    }
}
