package dev.kapal.model.generate;

import dev.kapal.model.Schema.Type;
import java.io.DataOutputStream;
import java.io.IOException;

/// Translates the generic signature of a Java field. A type on the wire is `L` and the type of the items, `M` and the
/// type
/// of the values, `R` and a definition name, or `S` with a scalar type and its format.
final class TypeSignature {
    private static final String LIST = "Ljava/util/List<";
    private static final String MAP = "Ljava/util/Map<Ljava/lang/String;";
    private static final String END = ">;";

    private final DefinitionNames names;

    TypeSignature(DefinitionNames names) {
        this.names = names;
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
            reference(out, names.definition(signature.substring(1 + ModelJar.MODELS.length(), signature.length() - 1)));
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
