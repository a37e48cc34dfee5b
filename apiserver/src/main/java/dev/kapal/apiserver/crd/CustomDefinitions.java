package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kapal.model.Conversion;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.PrinterColumn;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ScalePaths;
import dev.kapal.model.Subresource;
import dev.kapal.model.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Makes resource definitions of a CustomResourceDefinition: one for each version that is served. Pure.
final class CustomDefinitions {
    private static final Set<String> VERBS =
            Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final Set<String> SUBRESOURCE_VERBS = Set.of("get", "patch", "update");
    private static final GroupVersionKind SCALE = new GroupVersionKind("autoscaling", "v1", "Scale");
    private static final PrinterColumn NAME = new PrinterColumn(
            "Name",
            "string",
            "name",
            "Name must be unique within a namespace. Is required when creating resources, although some resources may"
                    + " allow a client to request the generation of an appropriate name automatically. Name is"
                    + " primarily intended for creation idempotence and configuration definition. Cannot be updated."
                    + " More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
            0,
            ".metadata.name");
    private static final PrinterColumn AGE = new PrinterColumn(
            "Age",
            "date",
            "",
            "CreationTimestamp is a timestamp representing the server time when this object was created. It is not"
                    + " guaranteed to be set in happens-before order across separate operations. Clients may not set"
                    + " this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system."
                    + " Read-only. Null for lists. More info:"
                    + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
            0,
            ".metadata.creationTimestamp");

    private CustomDefinitions() {}

    /// @param crd established, so that its names are accepted
    /// @param conversion between its versions
    /// @param isClosed whether there may be no new objects any more
    static List<ResourceDefinition> of(Crd crd, Conversion conversion, BooleanSupplier isClosed) {
        var versions = crd.versions();
        var storage = stored(crd, conversion, isClosed);
        var served = new ArrayList<ResourceDefinition>();
        for (var version : versions) {
            if (version.isServed()) {
                served.add(
                        version.isStored()
                                ? storage
                                : definition(crd, version, isClosed).convertedBy(Optional.of(storage), conversion));
            }
        }
        return served;
    }

    /// The version that is stored, whether it is served or not.
    static ResourceDefinition stored(Crd crd, Conversion conversion, BooleanSupplier isClosed) {
        var stored = crd.versions().stream()
                .filter(Crd.Version::isStored)
                .findFirst()
                .orElseThrow();
        return definition(crd, stored, isClosed).convertedBy(Optional.empty(), conversion);
    }

    private static ResourceDefinition definition(Crd crd, Crd.Version version, BooleanSupplier isClosed) {
        var names = crd.acceptedNames();
        var groupVersion = new GroupVersion(crd.group(), version.name());
        var kind = names.path("kind").asText();
        return new ResourceDefinition(
                groupVersion,
                kind,
                names.path("listKind").asText(),
                names.path("plural").asText(),
                names.path("singular").asText(),
                texts(names.path("shortNames")),
                texts(names.path("categories")),
                crd.isNamespaced(),
                VERBS,
                subresources(version, groupVersion.kind(kind)),
                schema(crd, version, groupVersion.kind(kind), isClosed),
                columns(version),
                version.hasStatus(),
                true,
                Optional.empty(),
                Conversion.NONE,
                deprecation(version, groupVersion, kind));
    }

    private static List<Subresource> subresources(Crd.Version version, GroupVersionKind kind) {
        var subresources = new ArrayList<Subresource>();
        if (version.hasStatus()) {
            subresources.add(new Subresource("status", kind, SUBRESOURCE_VERBS));
        }
        var scale = version.scale();
        if (scale.isObject()) {
            var paths = new ScalePaths(
                    scale.path("specReplicasPath").asText(),
                    scale.path("statusReplicasPath").asText(),
                    scale.path("labelSelectorPath").asText(""));
            subresources.add(new Subresource("scale", SCALE, SUBRESOURCE_VERBS, Optional.of(paths)));
        }
        return subresources;
    }

    private static StructuralSchema schema(
            Crd crd, Crd.Version version, GroupVersionKind kind, BooleanSupplier isClosed) {
        var fields = new ArrayList<String>();
        version.selectableFields()
                .forEach(field -> fields.add(field.path("jsonPath").asText()));
        boolean changed = crd.meta().generation() > 1 || crd.versions().size() > 1;
        var node = version.schema().orElseGet(JsonNodeFactory.instance::objectNode);
        return StructuralSchema.root(
                node, new StructuralSchema.Resource(name(kind), kind, fields, changed || hasDefaults(node), isClosed));
    }

    /// The group backwards, the version, the kind: `com.example.stable.v1.CronTab`.
    private static String name(GroupVersionKind kind) {
        var parts = Arrays.asList(kind.group().split("\\."));
        Collections.reverse(parts);
        return String.join(".", parts) + "." + kind.version() + "." + kind.kind();
    }

    private static boolean hasDefaults(JsonNode node) {
        if (node.has("default")) {
            return true;
        }
        for (var property : node.path("properties")) {
            if (hasDefaults(property)) {
                return true;
            }
        }
        return node.path("items").isObject() && hasDefaults(node.get("items"))
                || node.path("additionalProperties").isObject() && hasDefaults(node.get("additionalProperties"));
    }

    private static List<PrinterColumn> columns(Crd.Version version) {
        var columns = new ArrayList<PrinterColumn>();
        columns.add(NAME);
        if (version.columns().isEmpty()) {
            columns.add(AGE);
        }
        for (var column : version.columns()) {
            var type = column.path("type").asText();
            var path = column.path("jsonPath").asText();
            columns.add(new PrinterColumn(
                    column.path("name").asText(),
                    type,
                    column.path("format").asText(""),
                    column.path("description")
                            .asText("Custom resource definition column (in JSONPath format): " + path),
                    column.path("priority").asInt(0),
                    path));
        }
        return columns;
    }

    private static String deprecation(Crd.Version version, GroupVersion groupVersion, String kind) {
        if (!version.node().path("deprecated").asBoolean()) {
            return "";
        }
        return version.node()
                .path("deprecationWarning")
                .asText(groupVersion.apiVersion() + " " + kind + " is deprecated");
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
