package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupResource;
import dev.kapal.model.PrinterColumn;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.Documents;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Makes `Table`s of the objects of any kind. Any thread.
public final class Tables {
    private static final Map<GroupResource, Printer> PRINTERS = printers();

    /// For kinds about which nobody knows more.
    private static final Printer PLAIN = (object, now, cells) -> cells.add(Cells.name(object))
            .add(object.path("metadata").path("creationTimestamp").asText());

    private static Map<GroupResource, Printer> printers() {
        var printers = new HashMap<>(Map.ofEntries(
                core("namespaces", new NamespacePrinter()),
                core("nodes", new NodePrinter()),
                core("pods", new PodPrinter()),
                core("services", new ServicePrinter()),
                core("endpoints", new EndpointsPrinter()),
                core("configmaps", new ConfigMapPrinter()),
                core("secrets", new SecretPrinter()),
                core("serviceaccounts", new ServiceAccountPrinter()),
                core("events", new EventPrinter()),
                of("apps", "deployments", new DeploymentPrinter()),
                of("apps", "replicasets", new ReplicaSetPrinter()),
                of("apiregistration.k8s.io", "apiservices", new ApiServicePrinter()),
                of("certificates.k8s.io", "certificatesigningrequests", new CertificateRequestPrinter()),
                of("certificates.k8s.io", "clustertrustbundles", new TrustBundlePrinter()),
                of("coordination.k8s.io", "leases", new LeasePrinter()),
                of("discovery.k8s.io", "endpointslices", new EndpointSlicePrinter()),
                of("flowcontrol.apiserver.k8s.io", "flowschemas", new FlowSchemaPrinter())));
        printers.putAll(WorkloadPrinters.all());
        printers.putAll(ScalingPrinters.all());
        printers.putAll(StoragePrinters.all());
        printers.putAll(DevicePrinters.all());
        printers.putAll(NetworkingPrinters.all());
        printers.putAll(AccessPrinters.all());
        printers.putAll(RegistrationPrinters.all());
        return Map.copyOf(printers);
    }

    /// @param definition the version that `objects` are in
    /// @param shown an object in the version that the client sees
    /// @param version `v1` or `v1beta1` of `meta.k8s.io`
    public ObjectNode table(
            ResourceDefinition definition,
            List<ObjectNode> objects,
            UnaryOperator<ObjectNode> shown,
            ObjectNode metadata,
            String version,
            IncludeObject include,
            Instant now) {
        boolean custom = definition.schema().form().isPresent();
        var printer = custom
                ? new ColumnPrinter(definition.columns())
                : PRINTERS.getOrDefault(definition.groupResource(), PLAIN);
        return table(printer, definition.columns(), objects, shown, metadata, version, include, now);
    }

    /// As [#table], of the size of an object: a `Scale`.
    public ObjectNode scale(ObjectNode scale, ObjectNode metadata, String version, IncludeObject include, Instant now) {
        return table(
                new ScalePrinter(),
                ScalePrinter.COLUMNS,
                List.of(scale),
                UnaryOperator.identity(),
                metadata,
                version,
                include,
                now);
    }

    private static ObjectNode table(
            Printer printer,
            List<PrinterColumn> columns,
            List<ObjectNode> objects,
            UnaryOperator<ObjectNode> shown,
            ObjectNode metadata,
            String version,
            IncludeObject include,
            Instant now) {
        var table = Documents.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/" + version);
        table.set("metadata", metadata);
        var definitions = table.putArray("columnDefinitions");
        for (var column : columns) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format())
                    .put("description", column.description())
                    .put("priority", column.priority());
        }
        var rows = table.putArray("rows");
        for (var object : printer.inOrder(objects)) {
            var row = rows.addObject();
            printer.print(object, now, row.putArray("cells"));
            printer.annotate(object, row);
            row.set(
                    "object",
                    switch (include) {
                        case NONE -> JsonNodeFactory.instance.nullNode();
                        case METADATA -> PartialObjects.of(shown.apply(object), "meta.k8s.io/" + version);
                        case OBJECT -> shown.apply(object);
                    });
        }
        return table;
    }

    private static Map.Entry<GroupResource, Printer> core(String plural, Printer printer) {
        return of("", plural, printer);
    }

    private static Map.Entry<GroupResource, Printer> of(String group, String plural, Printer printer) {
        return Map.entry(new GroupResource(group, plural), printer);
    }
}
