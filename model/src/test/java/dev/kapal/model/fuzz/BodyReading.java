package dev.kapal.model.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Schema;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.FieldCheck;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.defaults.Defaults;
import java.nio.charset.StandardCharsets;

/// What the server does with the body of a pod before it asks what the pod means.
final class BodyReading {
    static final Schema POD = SchemaLibrary.builtIn().schema("io.k8s.api.core.v1.Pod");

    private static final GroupVersionKind KIND = new GroupVersionKind("", "v1", "Pod");

    private BodyReading() {}

    static void complete(byte[] body, MediaType type) {
        var decoded = new DocumentDecoder().decode(body, type, KIND);
        FieldCheck.types(POD, decoded.document());
        FieldCheck.strict(POD, decoded);
        FieldCheck.prune(POD, decoded.document());
        Defaults.apply(POD, decoded.document());
        Documents.json(decoded.document());
    }

    /// One that is there already.
    static ObjectNode pod() {
        return Documents.read("""
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"x":"y"},"finalizers":["f/a","f/b"]},\
                "spec":{"containers":[{"name":"c","image":"i","args":["a","b"],"env":[{"name":"A","value":"B"}],\
                "ports":[{"containerPort":80,"protocol":"TCP"}]},{"name":"d","image":"j"}],\
                "volumes":[{"name":"v","emptyDir":{}}],"tolerations":[{"key":"k","operator":"Exists"}]}}""".getBytes(StandardCharsets.UTF_8));
    }
}
