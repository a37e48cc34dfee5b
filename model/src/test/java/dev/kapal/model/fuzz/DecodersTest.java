package dev.kapal.model.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Quantity;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.FieldCheck;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.defaults.Defaults;
import dev.kapal.model.patch.PatchException;
import dev.kapal.model.patch.Patches;
import dev.kapal.model.select.FieldSelector;
import dev.kapal.model.select.JsonPath;
import dev.kapal.model.select.LabelSelector;
import dev.kapal.model.select.SelectorException;
import dev.kapal.testkit.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// No client can crash, hang or blow up the server with what it sends. See [Mutations] for a longer run by hand.
class DecodersTest {
    private static final String POD = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"x":"y"},"creationTimestamp":"2024-01-01T00:00:00Z"},\
            "spec":{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"100m",\
            "memory":1e9}},"livenessProbe":{"httpGet":{"port":"http"}},"env":[{"name":"A","value":"\\u00e9\\n"}]}],\
            "terminationGracePeriodSeconds":30,"hostNetwork":false}}""";
    private static final String YAML = """
            apiVersion: v1
            kind: Pod
            metadata: &m {name: a, labels: {x: "y"}}
            spec:
              containers:
              - name: c
                image: |
                  text
                command: [ 'sh', "-c", >-
                  folded ]
              other: *m
            """;
    private static final GroupVersionKind KIND = new GroupVersionKind("", "v1", "Pod");

    private final DocumentDecoder decoder = new DocumentDecoder();

    private void complete(byte[] body, MediaType type) {
        var schema = SchemaLibrary.builtIn().schema("io.k8s.api.core.v1.Pod");
        var decoded = decoder.decode(body, type, KIND);
        FieldCheck.types(schema, decoded.document());
        FieldCheck.strict(schema, decoded);
        FieldCheck.prune(schema, decoded.document());
        Defaults.apply(schema, decoded.document());
        Documents.json(decoded.document());
    }

    @Test
    void jsonIsReadOrRefused() {
        Mutations.refusedBy(DecodeException.class).of(POD).feed(bytes -> complete(bytes, MediaType.JSON));
    }

    @Test
    void yamlIsReadOrRefused() {
        Mutations.refusedBy(DecodeException.class)
                .of(YAML, POD, "a: \"\\u")
                .feed(bytes -> complete(bytes, MediaType.YAML));
    }

    @Test
    void protobufIsReadOrRefused() {
        // k8s\\0, then Unknown{typeMeta{v1, Pod}, raw{metadata{name: a}, spec{containers[{name: c}]}}}
        var body = HexFormat.of()
                .parseHex("6b38730" + "00a090a02763112" + "03506f6412" + "0e0a030a016112070a0012030a0163");
        Mutations.refusedBy(DecodeException.class).of(body).feed(bytes -> complete(bytes, MediaType.PROTOBUF));
    }

    @Test
    void patchesApplyOrAreRefused() {
        var schema = SchemaLibrary.builtIn().schema("io.k8s.api.core.v1.Pod");
        var pod = Documents.read(POD.getBytes(StandardCharsets.UTF_8));
        var strategic = "{\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"c\"}],\"containers\":[{\"name\":\"c\","
                + "\"$patch\":\"delete\"},{\"name\":\"d\",\"env\":[{\"name\":\"A\",\"$patch\":\"replace\"}]}],"
                + "\"$retainKeys\":[\"containers\"],\"$deleteFromPrimitiveList/args\":[\"a\"]}}";
        Mutations.refusedBy(PatchException.class).of(strategic, POD).feed(patch -> {
            Patches.strategic(schema, pod, patch);
            Patches.merge(pod, patch);
        });
        var json = "[{\"op\":\"add\",\"path\":\"/spec/containers/0/x\",\"value\":{\"a\":1}},{\"op\":\"test\",\"path\":"
                + "\"/kind\",\"value\":\"Pod\"},{\"op\":\"copy\",\"from\":\"/spec\",\"path\":\"/metadata/s~1~0\"},"
                + "{\"op\":\"move\",\"from\":\"/spec/containers/0\",\"path\":\"/spec/containers/-\"},"
                + "{\"op\":\"remove\",\"path\":\"/metadata\"},{\"op\":\"replace\",\"path\":\"/kind\",\"value\":null}]";
        Mutations.refusedBy(PatchException.class).of(json).feed(patch -> Patches.json(pod, patch));
    }

    @Test
    void selectorsAreReadOrRefused() {
        Mutations.refusedBy(SelectorException.class)
                .of("a=b,c!=d,e in (f,g),h notin (i), j,!k,l>1,m<2", "x.y/z==w")
                .feed(text -> LabelSelector.parse(new String(text, StandardCharsets.UTF_8)));
        Mutations.refusedBy(SelectorException.class)
                .of("metadata.name=a,spec.nodeName!=b\\,c", "status.phase==Running")
                .feed(text -> FieldSelector.parse(new String(text, StandardCharsets.UTF_8)));
        var pod = Documents.read(POD.getBytes(StandardCharsets.UTF_8));
        Mutations.refusedBy(SelectorException.class)
                .of(".spec.containers[0].name", "{.a..b[?(@.x==\"y\")]['c','d'][1:2:3][*]}", ".metadata.labels.a\\.b")
                .feed(text ->
                        JsonPath.parse(new String(text, StandardCharsets.UTF_8)).find(pod));
    }

    @Test
    void quantitiesAreReadOrRefused() {
        Mutations.refusedBy(IllegalArgumentException.class)
                .of("100m", "1.5Gi", "-2e3", "0.000000001", "9223372036854775807")
                .feed(text -> assertThat(Quantity.parse(new String(text, StandardCharsets.UTF_8))
                                .toString())
                        .isNotEmpty());
    }
}
