package dev.kapal.model.generate;

import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Schema;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    Definitions(ModelJar jar, DefinitionNames names, Overlay overlay) throws IOException {
        this.jar = jar;
        this.names = names;
        this.overlay = overlay;
        for (var model : jar.models().values()) {
            object(model);
        }
        for (var scalar : ScalarDefinition.ALL) {
            bodies.put(scalar.name(), bytes(out -> head(out, scalar.type(), scalar.format(), List.of(), false)));
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

    private void object(JavaModel model) throws IOException {
        var name = names.definition(model.name());
        var fields = model.fields().stream()
                .sorted(Comparator.comparing(JavaModel.Field::name))
                .toList();
        bodies.put(name, bytes(out -> {
            head(
                    out,
                    Schema.Type.OBJECT,
                    "",
                    kinds(model, name),
                    overlay.of(name, "*").is("atomic"));
            out.writeShort(fields.size());
            for (var field : fields) {
                field(out, field, overlay.of(name, field.name()));
            }
        }));
        texts.put(name, bytes(out -> {
            longText(out, model.description());
            for (var field : fields) {
                longText(out, field.description());
                byField.put(name + "." + field.name(), field.description());
            }
        }));
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

    private void field(DataOutputStream out, JavaModel.Field field, Overlay.Facts facts) throws IOException {
        out.writeUTF(field.name());
        out.writeBoolean((field.required() || facts.is("required")) && !facts.is("optional"));
        if (facts.value("ref").isEmpty()) {
            new TypeSignature(names).write(out, field.type());
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
