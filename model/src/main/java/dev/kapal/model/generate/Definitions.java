package dev.kapal.model.generate;

import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Schema;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// All definitions in the compact form that `SchemaLibrary` reads: a count, then for each definition its name and the
/// bytes of its body. Descriptions go to a file of their own in the same order.
final class Definitions {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private final ModelJar jar;
    private final DefinitionNames names;
    private final Overlay overlay;
    private final Map<String, byte[]> bodies = new TreeMap<>();
    private final Map<String, byte[]> texts = new TreeMap<>();
    private final Map<String, String> byField = new TreeMap<>();

    /// Writes one body.
    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    Definitions(ModelJar jar, DefinitionNames names, Overlay overlay, FurtherVersions versions) throws IOException {
        this.jar = jar;
        this.names = names;
        this.overlay = overlay;
        var models = new HashMap<String, JavaModel>();
        for (var model : jar.models().values()) {
            var name = names.definition(model.name());
            models.put(name, model);
            object(new Shape(name, name, model.description(), kinds(model, name), fields(model), Map.of()));
        }
        for (var type : versions.types(name -> references(models.get(name)), models::containsKey)) {
            object(Shape.of(type, type.source().isEmpty() ? NEW : models.get(type.source())));
        }
        for (var scalar : ScalarDefinition.ALL) {
            bodies.put(scalar.name(), bytes(out -> {
                head(out, scalar.type(), scalar.format(), List.of(), false);
                if (scalar.type() == Schema.Type.OBJECT) {
                    out.writeShort(0); // it has no fields
                }
            }));
            texts.put(scalar.name(), bytes(out -> longText(out, scalar.description())));
        }
    }

    byte[] schemas() throws IOException {
        return file(bodies);
    }

    byte[] descriptions() throws IOException {
        return file(texts);
    }

    /// Keyed `io.k8s.api.core.v1.Pod.spec`.
    Map<String, String> descriptionsByField() {
        return byField;
    }

    /// An object type to be written.
    ///
    /// @param source the type whose overlay facts hold where there are none of its own
    private record Shape(
            String name,
            String source,
            String description,
            List<GroupVersionKind> kinds,
            List<JavaModel.Field> fields,
            Map<String, String> renamed) {

        static Shape of(FurtherVersions.Type type, JavaModel source) {
            var fields = new TreeMap<String, JavaModel.Field>();
            source.fields().forEach(field -> fields.put(field.name(), field));
            for (var change : type.changes()) {
                var present = fields.get(change.field());
                if (change.sign() != '+' && present == null) {
                    throw new IllegalStateException(type.name() + " has no field " + change.field());
                }
                switch (change.sign()) {
                    case '-' -> fields.remove(change.field());
                    case '~' -> fields.put(change.field(), present.withRequired(false));
                    case '!' -> fields.put(change.field(), present.withRequired(true));
                    default ->
                        fields.put(
                                change.field(),
                                new JavaModel.Field(change.field(), "@" + change.type(), change.description(), false));
                }
            }
            return new Shape(
                    type.name(),
                    type.source(),
                    source.description(),
                    type.kinds(),
                    List.copyOf(fields.values()),
                    type.renamed());
        }
    }

    private static final JavaModel NEW = new JavaModel("", "", List.of());

    private Set<String> references(JavaModel model) {
        return model.fields().stream()
                .flatMap(field -> DefinitionNames.references(field.type()))
                .map(names::definition)
                .collect(Collectors.toSet());
    }

    private static List<JavaModel.Field> fields(JavaModel model) {
        return model.fields().stream()
                .sorted(Comparator.comparing(JavaModel.Field::name))
                .toList();
    }

    private void object(Shape shape) throws IOException {
        var types = new TypeSignature(names, shape.renamed());
        bodies.put(shape.name(), bytes(out -> {
            head(out, Schema.Type.OBJECT, "", shape.kinds(), facts(shape, "*").is("atomic"));
            out.writeShort(shape.fields().size());
            for (var field : shape.fields()) {
                field(out, field, facts(shape, field.name()), types);
            }
        }));
        texts.put(shape.name(), bytes(out -> {
            longText(out, shape.description());
            for (var field : shape.fields()) {
                longText(out, field.description());
                byField.put(shape.name() + "." + field.name(), field.description());
            }
        }));
    }

    private Overlay.Facts facts(Shape shape, String field) {
        var own = overlay.of(shape.name(), field);
        return own == Overlay.Facts.NONE ? overlay.of(shape.source(), field) : own;
    }

    private List<GroupVersionKind> kinds(JavaModel model, String name) {
        boolean isOption = name.equals(META + "Status") || name.equals(META + "DeleteOptions");
        return model.isDocument() || isOption ? List.of(names.kind(model.name())) : List.of();
    }

    private void head(
            DataOutputStream out, Schema.Type type, String format, Collection<GroupVersionKind> kinds, boolean atomic)
            throws IOException {
        out.writeByte(type.ordinal());
        out.writeUTF(format);
        out.writeBoolean(atomic);
        out.writeByte(kinds.size());
        for (var kind : kinds) {
            out.writeUTF(kind.group());
            out.writeUTF(kind.version());
            out.writeUTF(kind.kind());
        }
    }

    private void field(DataOutputStream out, JavaModel.Field field, Overlay.Facts facts, TypeSignature types)
            throws IOException {
        out.writeUTF(field.name());
        out.writeBoolean((field.required() || facts.is("required")) && !facts.is("optional"));
        if (field.type().startsWith("@")) {
            types.writeWritten(out, field.type().substring(1));
        } else if (facts.value("ref").isEmpty()) {
            types.write(out, field.type());
        } else {
            TypeSignature.reference(out, facts.value("ref"));
        }
        out.writeBoolean(facts.is("atomic"));
        out.writeByte(listType(facts).ordinal());
        texts(out, facts.list("map"));
        var patch = (facts.value("patch") + "/").split("/", -1);
        texts(out, patch[0].isEmpty() ? List.of() : List.of(patch[0].split(",")));
        out.writeUTF(patch[1]);
        out.writeUTF(facts.value("default"));
        out.writeBoolean(facts.is("zero"));
        out.writeBoolean(facts.is("pointer"));
        texts(out, facts.list("enum"));
    }

    private static Schema.ListType listType(Overlay.Facts facts) {
        if (facts.is("set")) {
            return Schema.ListType.SET;
        }
        return facts.value("map").isEmpty() ? Schema.ListType.ATOMIC : Schema.ListType.MAP;
    }

    private static void texts(DataOutputStream out, List<String> texts) throws IOException {
        out.writeByte(texts.size());
        for (var text : texts) {
            out.writeUTF(text);
        }
    }

    private static void longText(DataOutputStream out, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(Body body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        body.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static byte[] file(Map<String, byte[]> bodies) throws IOException {
        return bytes(out -> {
            out.writeInt(bodies.size());
            for (var body : bodies.entrySet()) {
                out.writeUTF(body.getKey());
                out.writeInt(body.getValue().length);
                out.write(body.getValue());
            }
        });
    }
}
