package dev.kapal.model.generate;

import dev.kapal.model.Schema.Type;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;

/// Translates the generic signature of a Java field. A type on the wire is `L` and the type of the items, `M` and the
/// type
/// of the values, `R` and a definition name, or `S` with a scalar type and its format.
final class TypeSignature {
    private static final String LIST = "Ljava/util/List<";
    private static final String MAP = "Ljava/util/Map<Ljava/lang/String;";
    private static final String END = ">;";

    /// The types that can be written without a definition, see `versions.txt`.
    private static final Map<String, String> WRITTEN = Map.of(
            "string", "Ljava/lang/String;",
            "int32", "Ljava/lang/Integer;",
            "int64", "Ljava/lang/Long;",
            "bool", "Ljava/lang/Boolean;",
            "IntOrString", "Lio/kubernetes/client/custom/IntOrString;",
            "Quantity", "Lio/kubernetes/client/custom/Quantity;");

    private final DefinitionNames names;
    private final Map<String, String> renamed;

    TypeSignature(DefinitionNames names) {
        this(names, Map.of());
    }

    /// @param renamed definitions that stand for others
    TypeSignature(DefinitionNames names, Map<String, String> renamed) {
        this.names = names;
        this.renamed = renamed;
    }

    static boolean isScalar(String written) {
        return WRITTEN.containsKey(written);
    }

    /// As [#write], of a type as `versions.txt` has it, with full definition names.
    void writeWritten(DataOutputStream out, String type) throws IOException {
        if (type.startsWith("[]") || type.startsWith("{}")) {
            out.writeByte(type.startsWith("[]") ? 'L' : 'M');
            writeWritten(out, type.substring(2));
        } else if (isScalar(type)) {
            simple(out, WRITTEN.get(type));
        } else {
            reference(out, type);
        }
    }

    static void reference(DataOutputStream out, String definition) throws IOException {
        out.writeByte('R');
        out.writeUTF(definition);
    }

    void write(DataOutputStream out, String signature) throws IOException {
        if (signature.startsWith(LIST)) {
            out.writeByte('L');
            write(out, signature.substring(LIST.length(), signature.length() - END.length()));
        } else if (signature.startsWith(MAP)) {
            out.writeByte('M');
            write(out, signature.substring(MAP.length(), signature.length() - END.length()));
        } else if (signature.startsWith("L" + ModelJar.MODELS)) {
            var definition =
                    names.definition(signature.substring(1 + ModelJar.MODELS.length(), signature.length() - 1));
            reference(out, renamed.getOrDefault(definition, definition));
        } else {
            simple(out, signature);
        }
    }

    private static void simple(DataOutputStream out, String signature) throws IOException {
        switch (signature) {
            case "Ljava/lang/String;" -> scalar(out, Type.STRING, "");
            case "Ljava/lang/Integer;" -> scalar(out, Type.INTEGER, "int32");
            case "Ljava/lang/Long;" -> scalar(out, Type.INTEGER, "int64");
            case "Ljava/lang/Double;" -> scalar(out, Type.NUMBER, "double");
            case "Ljava/lang/Boolean;" -> scalar(out, Type.BOOLEAN, "");
            case "[B" -> scalar(out, Type.STRING, "byte");
            case "Ljava/time/OffsetDateTime;" -> reference(out, ScalarDefinition.TIME);
            case "Lio/kubernetes/client/custom/Quantity;" -> reference(out, ScalarDefinition.QUANTITY);
            case "Lio/kubernetes/client/custom/IntOrString;" -> reference(out, ScalarDefinition.INT_OR_STRING);
            case "Ljava/lang/Object;" -> reference(out, ScalarDefinition.RAW);
            default -> throw new IllegalStateException("no schema for the Java type " + signature);
        }
    }

    private static void scalar(DataOutputStream out, Type type, String format) throws IOException {
        out.writeByte('S');
        out.writeByte(type.ordinal());
        out.writeUTF(format);
    }
}
