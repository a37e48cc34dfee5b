package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Printable;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What a CustomResourceDefinition must fulfil, with upstream's messages. One check, one thread. Source: apiextensions
/// v1, validation.
///
/// Upstream looks at a form in which what is the same in all versions stands above them, so its paths do, too:
/// `spec.validation.openAPIV3Schema` for a definition with one version.
final class CrdRules {
    private static final List<String> SCOPES = List.of("Cluster", "Namespaced");
    private static final Set<String> COLUMN_TYPES =
            new TreeSet<>(List.of("integer", "number", "string", "boolean", "date"));
    private static final Set<String> COLUMN_FORMATS =
            new TreeSet<>(List.of("int32", "int64", "float", "double", "byte", "date", "date-time", "password"));
    private static final int MAX_WARNING = 256;
    private static final int MAX_SELECTABLE = 8;

    private final Crd crd;
    private final Optional<Crd> old;
    private final Problems problems;

    CrdRules(Crd crd, Optional<Crd> old, Problems problems) {
        this.crd = crd;
        this.old = old;
        this.problems = problems;
    }

    void check() {
        checkName();
        checkGroup();
        problems.oneOf("spec.scope", crd.spec().path("scope").asText(""), SCOPES);
        checkVersions();
        checkNames();
        new ConversionRules(crd, old, problems).check();
        if (crd.spec().path("preserveUnknownFields").asBoolean()
                && !old.map(o -> o.spec().path("preserveUnknownFields").asBoolean())
                        .orElse(false)) {
            problems.invalid(
                    "spec.preserveUnknownFields",
                    true,
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema"
                            + " instead");
        }
        old.ifPresent(this::checkUnchanged);
        checkNames(crd.acceptedNames(), "status.acceptedNames", problems);
        checkStoredVersions();
        ApprovalRules.check(crd, old, problems);
    }

    private void checkName() {
        var required = crd.groupResource();
        var name = crd.meta().name();
        if (!name.isEmpty() && !name.equals(required.resource() + "." + required.group())) {
            problems.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
        }
    }

    private void checkGroup() {
        var group = crd.group();
        if (group.isEmpty()) {
            problems.required("spec.group", "");
            return;
        }
        var details = Names.dns1123Subdomain(group);
        if (!details.isEmpty()) {
            problems.invalid("spec.group", group, String.join(",", details));
        } else if (group.indexOf('.') < 0) {
            problems.invalid("spec.group", group, "should be a domain with at least one dot");
        }
    }

    private void checkVersions() {
        var versions = crd.versions();
        var names = new HashSet<String>();
        boolean unique = true;
        int stored = 0;
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i);
            stored += version.isStored() ? 1 : 0;
            unique &= names.add(version.name());
            if (version.schema().isEmpty()) {
                problems.required("spec.versions[" + i + "].schema.openAPIV3Schema", "schemas are required");
            }
        }
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i);
            var details = Names.dns1035Label(version.name());
            if (!details.isEmpty()) {
                problems.invalid("spec.versions[" + i + "].name", version.name(), String.join(",", details));
            }
            checkVersion(version, i);
        }
        var all = crd.spec().path("versions");
        if (!unique) {
            problems.invalid("spec.versions", all, "must contain unique version names");
        }
        if (stored != 1) {
            problems.invalid("spec.versions", all, "must have exactly one version marked as storage version");
        }
    }

    private void checkVersion(Crd.Version version, int i) {
        var own = "spec.versions[" + i + "]";
        deprecation(version, own);
        if (i == 0 || !isShared("schema")) {
            version.schema()
                    .ifPresent(schema -> new SchemaRules(
                                    schema,
                                    (isShared("schema") ? "spec.validation" : own + ".schema") + ".openAPIV3Schema",
                                    version.hasStatus(),
                                    oldSchema(version.name()),
                                    problems)
                            .check());
        }
        if (i == 0 || !isShared("subresources")) {
            scale(version.scale(), (isShared("subresources") ? "spec" : own) + ".subresources.scale");
        }
        if (i == 0 || !isShared("additionalPrinterColumns")) {
            int c = 0;
            var path = (isShared("additionalPrinterColumns") ? "spec" : own) + ".additionalPrinterColumns";
            for (var column : version.columns()) {
                column(column, path + "[" + c++ + "]");
            }
        }
        if (i == 0 || !isShared("selectableFields")) {
            selectable(version, (isShared("selectableFields") ? "spec" : own) + ".selectableFields");
        }
    }

    private Optional<JsonNode> oldSchema(String version) {
        return old.flatMap(o -> o.versions().stream()
                .filter(v -> v.name().equals(version))
                .findFirst()
                .flatMap(Crd.Version::schema));
    }

    /// Whether all versions say the same here.
    private boolean isShared(String field) {
        var versions = crd.versions();
        var first = versions.getFirst().node().path(field);
        return !first.isMissingNode()
                && versions.stream().allMatch(v -> v.node().path(field).equals(first));
    }

    private void deprecation(Crd.Version version, String path) {
        var warning = version.node().get("deprecationWarning");
        if (warning == null) {
            return;
        }
        var text = warning.asText();
        var at = path + ".deprecationWarning";
        if (!version.node().path("deprecated").asBoolean()) {
            problems.invalid(at, text, "can only be set for deprecated versions");
            return;
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_WARNING) {
            problems.invalid(at, text, "must be <= 256 characters long");
        }
        if (text.isEmpty()) {
            problems.invalid(at, text, "must not be an empty string");
        }
        Printable.firstOther(text)
                .ifPresent(index -> problems.invalid(
                        at,
                        text,
                        "must only contain printable UTF-8 characters; non-printable character found at index "
                                + index));
    }

    private void scale(JsonNode scale, String path) {
        if (scale.isMissingNode()) {
            return;
        }
        under(scale, "specReplicasPath", path, List.of(".spec."), "should be a json path under .spec", true);
        under(scale, "statusReplicasPath", path, List.of(".status."), "should be a json path under .status", true);
        under(
                scale,
                "labelSelectorPath",
                path,
                List.of(".spec.", ".status."),
                "should be a json path under either .spec or .status",
                false);
    }

    private void under(JsonNode scale, String field, String path, List<String> roots, String detail, boolean required) {
        var value = scale.path(field).asText("");
        var at = path + "." + field;
        if (value.isEmpty()) {
            if (required) {
                problems.required(at, "");
            }
        } else if (!value.startsWith(".")) {
            problems.invalid(at, value, "must be a simple json path starting with .");
        } else if (roots.stream().noneMatch(value::startsWith)) {
            problems.invalid(at, value, detail);
        }
    }

    private void column(JsonNode column, String path) {
        if (column.path("name").asText("").isEmpty()) {
            problems.required(path + ".name", "");
        }
        var type = column.path("type").asText("");
        var types = "must be one of " + String.join(",", COLUMN_TYPES);
        if (type.isEmpty()) {
            problems.required(path + ".type", types);
        } else if (!COLUMN_TYPES.contains(type)) {
            problems.invalid(path + ".type", type, types);
        }
        var format = column.path("format").asText("");
        if (!format.isEmpty() && !COLUMN_FORMATS.contains(format)) {
            problems.invalid(path + ".format", format, "must be one of " + String.join(",", COLUMN_FORMATS));
        }
        var jsonPath = column.path("jsonPath").asText("");
        if (jsonPath.isEmpty()) {
            problems.required(path + ".JSONPath", "");
        } else if (!jsonPath.startsWith(".")) {
            problems.invalid(path + ".JSONPath", jsonPath, "must be a simple json path starting with .");
        }
    }

    private void selectable(Crd.Version version, String path) {
        var seen = new HashSet<String>();
        int i = 0;
        for (var field : version.selectableFields()) {
            var at = path + "[" + i++ + "].jsonPath";
            var jsonPath = field.path("jsonPath").asText("");
            if (jsonPath.isEmpty()) {
                problems.required(at, "");
                continue;
            }
            SchemaPath.Found found;
            try {
                found = SchemaPath.find(jsonPath, version.schema().orElseThrow(), false);
            } catch (IllegalArgumentException unknown) {
                problems.invalid(at, jsonPath, "is an invalid path: " + unknown.getMessage());
                continue;
            }
            if (jsonPath.equals(".metadata") || jsonPath.startsWith(".metadata.")) {
                problems.invalid(at, jsonPath, "must not point to fields in metadata");
            }
            if (!List.of("string", "boolean", "integer")
                    .contains(found.schema().path("type").asText(""))) {
                problems.invalid(
                        at,
                        jsonPath,
                        "must point to a field of type string, boolean or integer. Enum string fields and strings with"
                                + " formats are allowed.");
            }
            if (!seen.add(found.path())) {
                problems.duplicate(at, jsonPath);
            }
        }
        if (seen.size() > MAX_SELECTABLE) {
            problems.tooMany(path, seen.size(), MAX_SELECTABLE);
        }
    }

    private void checkNames() {
        for (var field : List.of("plural", "singular", "kind", "listKind")) {
            if (crd.names().path(field).asText("").isEmpty()) {
                problems.required("spec.names." + field, "");
            }
        }
        checkNames(crd.names(), "spec.names", problems);
    }

    static void checkNames(JsonNode names, String path, Problems problems) {
        for (var field : List.of("plural", "singular")) {
            label(names.path(field).asText(""), path + "." + field, problems);
        }
        for (var field : List.of("kind", "listKind")) {
            var value = names.path(field).asText("");
            var details = Names.dns1035Label(value.toLowerCase(Locale.ROOT));
            if (!value.isEmpty() && !details.isEmpty()) {
                problems.invalid(
                        path + "." + field,
                        value,
                        "may have mixed case, but should otherwise match: " + String.join(",", details));
            }
        }
        int i = 0;
        for (var name : names.path("shortNames")) {
            label(name.asText(), path + ".shortNames[" + i++ + "]", problems);
        }
        var kind = names.path("kind").asText("");
        if (!kind.isEmpty() && kind.equals(names.path("listKind").asText(""))) {
            problems.invalid(path + ".listKind", kind, "kind and listKind may not be the same");
        }
        i = 0;
        for (var category : names.path("categories")) {
            label(category.asText(), path + ".categories[" + i++ + "]", problems);
        }
    }

    private static void label(String value, String path, Problems problems) {
        var details = Names.dns1035Label(value);
        if (!value.isEmpty() && !details.isEmpty()) {
            problems.invalid(path, value, String.join(",", details));
        }
    }

    private void checkUnchanged(Crd before) {
        if (before.is(Crd.ESTABLISHED)) {
            same(crd.spec().path("scope"), before.spec().path("scope"), "spec.scope");
            same(crd.names().path("kind"), before.names().path("kind"), "spec.names.kind");
        }
        same(crd.spec().path("group"), before.spec().path("group"), "spec.group");
        same(crd.names().path("plural"), before.names().path("plural"), "spec.names.plural");
    }

    private void same(JsonNode now, JsonNode before, String path) {
        if (!now.equals(before)) {
            problems.invalid(path, now, Problems.IMMUTABLE);
        }
    }

    private void checkStoredVersions() {
        var stored = crd.document().path("status").path("storedVersions");
        var path = "status.storedVersions";
        if (stored.isEmpty()) {
            problems.invalid(path, stored.isMissingNode() ? null : stored, "must have at least one stored version");
            return;
        }
        var names = new HashSet<String>();
        stored.forEach(name -> names.add(name.asText()));
        var known = new HashSet<String>();
        for (var version : crd.versions()) {
            known.add(version.name());
            if (version.isStored() && !names.contains(version.name())) {
                problems.invalid(path, stored, "must have the storage version " + version.name());
            }
        }
        for (int i = 0; i < stored.size(); i++) {
            var name = stored.get(i).asText();
            if (!known.contains(name)) {
                problems.invalid(
                        path + "[" + i + "]",
                        name,
                        "missing from spec.versions; " + name + " was previously a storage version, and must remain in"
                                + " spec.versions until a storage migration ensures no data remains persisted in "
                                + name + " and removes " + name + " from status.storedVersions");
            }
        }
    }
}
