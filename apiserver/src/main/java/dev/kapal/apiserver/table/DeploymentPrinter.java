package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// Name, ready of desired, up to date, available, age; wide: containers, images, selector.
final class DeploymentPrinter implements Printer {
    @Override
    public void print(ObjectNode deployment, Instant now, ArrayNode cells) {
        var spec = deployment.path("spec");
        var status = deployment.path("status");
        var containers = spec.path("template").path("spec").path("containers");
        cells.add(Cells.name(deployment))
                .add(status.path("readyReplicas").asInt(0) + "/"
                        + spec.path("replicas").asInt(0))
                .add(status.path("updatedReplicas").asInt(0))
                .add(status.path("availableReplicas").asInt(0))
                .add(Cells.age(deployment, now))
                .add(Cells.each(containers, "name"))
                .add(Cells.each(containers, "image"))
                .add(Cells.selector(spec.path("selector")));
    }
}
