package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.PrinterColumn;
import dev.kapal.model.SchemaLibrary;
import java.time.Instant;
import java.util.List;

/// Name, wanted and present size, age of what has a `/scale`.
final class ScalePrinter implements Printer {
    static final List<PrinterColumn> COLUMNS = List.of(
            column("Name", "string", "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", "name"),
            column("Desired", "integer", "io.k8s.api.autoscaling.v1.ScaleSpec", "replicas"),
            column("Available", "integer", "io.k8s.api.autoscaling.v1.ScaleStatus", "replicas"),
            column("Age", "string", "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", "creationTimestamp"));

    private static PrinterColumn column(String name, String type, String definition, String field) {
        var described =
                SchemaLibrary.builtIn().schema(definition).property(field).orElseThrow();
        return new PrinterColumn(name, type, "", described.description(), 0, "");
    }

    @Override
    public void print(ObjectNode scale, Instant now, ArrayNode cells) {
        cells.add(Cells.name(scale))
                .add(scale.path("spec").path("replicas").asInt(0))
                .add(scale.path("status").path("replicas").asInt(0))
                .add(Cells.age(scale, now));
    }
}
