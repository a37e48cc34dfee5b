package dev.kapal.model.generate;

import dev.kapal.model.Schema.Type;
import java.util.List;

/// Named types that the Java models replace by classes of Java or of their own, or by no more than an object.
record ScalarDefinition(String name, Type type, String format, String description) {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String CRD = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

    static final String TIME = META + "Time";
    static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
    static final String RAW = "io.k8s.apimachinery.pkg.runtime.RawExtension";

    static final List<ScalarDefinition> ALL = List.of(
            new ScalarDefinition(TIME, Type.STRING, "date-time", "A point in time, RFC 3339, whole seconds."),
            new ScalarDefinition(
                    META + "MicroTime", Type.STRING, "date-time", "A point in time, RFC 3339, with microseconds."),
            new ScalarDefinition(
                    QUANTITY,
                    Type.QUANTITY,
                    "",
                    "An amount of a resource as a fixed-point number with an optional suffix: n, u, m, k, M, G, T, P, E"
                            + " for powers of 1000, Ki, Mi, Gi, Ti, Pi, Ei for powers of 1024, or an exponent such as e3."
                            + " The server writes it in canonical form: no fraction and the greatest suffix possible."),
            new ScalarDefinition(
                    INT_OR_STRING,
                    Type.INT_OR_STRING,
                    "int-or-string",
                    "Either a number or a string: a port by number or by name, a count or a percentage."),
            new ScalarDefinition(RAW, Type.ANY, "", "Any document."),
            new ScalarDefinition(META + "FieldsV1", Type.ANY, "", "A set of fields as a tree of `f:` and `k:` keys."),
            new ScalarDefinition(META + "Patch", Type.ANY, "", "A patch in the format that the content type names."),
            new ScalarDefinition(CRD + "JSON", Type.ANY, "", "Any JSON value."),
            new ScalarDefinition(CRD + "JSONSchemaPropsOrBool", Type.ANY, "", "A schema or a boolean."),
            new ScalarDefinition(CRD + "JSONSchemaPropsOrArray", Type.ANY, "", "A schema or a list of schemas."),
            new ScalarDefinition(CRD + "JSONSchemaPropsOrStringArray", Type.ANY, "", "A schema or a list of strings."),
            new ScalarDefinition(
                    CRD + "CustomResourceSubresourceStatus",
                    Type.OBJECT,
                    "",
                    "Says by its presence that the status is a part of its own, which ordinary writes leave alone."));
}
