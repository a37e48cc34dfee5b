package dev.kapal.model.patch;

import static dev.kapal.model.Trees.apps;
import static dev.kapal.model.Trees.core;
import static dev.kapal.model.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.model.Schema;
import dev.kapal.model.codec.Documents;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StrategicPatchTest {
    record Case(String name, Schema schema, String document, String patch, String result) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        var pod = core("Pod");
        return Stream.of(
                new Case(
                        "merges maps",
                        pod,
                        "{metadata: {labels: {a: '1', b: '2'}}}",
                        "{metadata: {labels: {b: null, c: '3'}}}",
                        "{metadata: {labels: {a: '1', c: '3'}}}"),
                new Case(
                        "merges containers by name, the patch's first",
                        pod,
                        "{spec: {containers: [{name: a, image: x}, {name: b, image: y}]}}",
                        "{spec: {containers: [{name: b, image: z}, {name: c, image: w}]}}",
                        "{spec: {containers: [{name: a, image: x}, {name: b, image: z}, {name: c, image: w}]}}"),
                new Case(
                        "deletes an item",
                        pod,
                        "{spec: {containers: [{name: a}, {name: b}]}}",
                        "{spec: {containers: [{name: a, $patch: delete}]}}",
                        "{spec: {containers: [{name: b}]}}"),
                new Case(
                        "replaces a list",
                        pod,
                        "{spec: {containers: [{name: a}, {name: b}]}}",
                        "{spec: {containers: [{name: c}, {$patch: replace}]}}",
                        "{spec: {containers: [{name: c}]}}"),
                new Case(
                        "replaces a map",
                        pod,
                        "{metadata: {labels: {a: '1', b: '2'}}}",
                        "{metadata: {labels: {c: '3', $patch: replace}}}",
                        "{metadata: {labels: {c: '3'}}}"),
                new Case(
                        "empties a map",
                        pod,
                        "{metadata: {labels: {a: '1'}}}",
                        "{metadata: {labels: {$patch: delete}}}",
                        "{metadata: {labels: {}}}"),
                new Case(
                        "replaces lists without a merge key",
                        pod,
                        "{spec: {tolerations: [{key: a}], containers: [{name: a, command: [x, y]}]}}",
                        "{spec: {tolerations: [{key: b}], containers: [{name: a, command: [z]}]}}",
                        "{spec: {tolerations: [{key: b}], containers: [{name: a, command: [z]}]}}"),
                new Case(
                        "adds to a list of plain values",
                        pod,
                        "{metadata: {finalizers: [a, b]}}",
                        "{metadata: {finalizers: [b, c]}}",
                        "{metadata: {finalizers: [a, b, c]}}"),
                new Case(
                        "deletes from a list of plain values",
                        pod,
                        "{metadata: {finalizers: [a, b, c]}}",
                        "{metadata: {$deleteFromPrimitiveList/finalizers: [b]}}",
                        "{metadata: {finalizers: [a, c]}}"),
                new Case(
                        "orders a list, what only the server has keeps its place",
                        pod,
                        "{spec: {containers: [{name: a}, {name: b}, {name: s}, {name: c}]}}",
                        "{spec: {$setElementOrder/containers: [{name: c}, {name: a}, {name: b}], containers: [{name: c, image: x}]}}",
                        "{spec: {containers: [{name: s}, {name: c, image: x}, {name: a}, {name: b}]}}"),
                new Case(
                        "orders a list of plain values",
                        pod,
                        "{metadata: {finalizers: [a, b]}}",
                        "{metadata: {$setElementOrder/finalizers: [c, b, a], finalizers: [c]}}",
                        "{metadata: {finalizers: [c, b, a]}}"),
                new Case(
                        "retains only the keys that are named",
                        apps("Deployment"),
                        "{spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}}}",
                        "{spec: {strategy: {$retainKeys: [type], type: Recreate}}}",
                        "{spec: {strategy: {type: Recreate}}}"),
                new Case(
                        "changes the source of a volume",
                        pod,
                        "{spec: {volumes: [{name: v, emptyDir: {}}, {name: w, emptyDir: {}}]}}",
                        "{spec: {volumes: [{name: v, $retainKeys: [name, hostPath], hostPath: {path: /x}}]}}",
                        "{spec: {volumes: [{name: v, hostPath: {path: /x}}, {name: w, emptyDir: {}}]}}"),
                new Case(
                        "takes new things over without nulls and directives",
                        pod,
                        "{}",
                        "{spec: {$setElementOrder/containers: [{name: a}], containers: [{name: a, image: null, $retainKeys: [name]}], nodeName: null}}",
                        "{spec: {containers: [{name: a}]}}"),
                new Case(
                        "merges ports by container port",
                        pod,
                        "{spec: {containers: [{name: a, ports: [{containerPort: 80, protocol: TCP}]}]}}",
                        "{spec: {containers: [{name: a, ports: [{containerPort: 80, name: web}, {containerPort: 81}]}]}}",
                        "{spec: {containers: [{name: a, ports: [{containerPort: 80, protocol: TCP, name: web}, {containerPort: 81}]}]}}"),
                new Case(
                        "merges conditions by type",
                        pod,
                        "{status: {conditions: [{type: Ready, status: 'False'}, {type: Mine, status: 'True'}]}}",
                        "{status: {$setElementOrder/conditions: [{type: Ready}], conditions: [{type: Ready, status: 'True'}]}}",
                        "{status: {conditions: [{type: Ready, status: 'True'}, {type: Mine, status: 'True'}]}}"),
                new Case(
                        "replaces values of another type",
                        pod,
                        "{spec: {containers: [{name: a, livenessProbe: {httpGet: {port: 80}}}]}}",
                        "{spec: {containers: [{name: a, livenessProbe: {httpGet: {port: web}}}]}}",
                        "{spec: {containers: [{name: a, livenessProbe: {httpGet: {port: web}}}]}}"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void does(Case c) {
        var document = tree(c.document());
        var result = Patches.strategic(c.schema(), document, Documents.json(tree(c.patch())));
        assertThat(result).isEqualTo(tree(c.result()));
        assertThat(document).as("left alone").isEqualTo(tree(c.document()));
    }

    record Refusal(String patch, int code, String message) {}

    static Stream<Refusal> refusals() {
        return Stream.of(
                new Refusal("{spec: {$retainKeys: x}}", 400, "invalid patch format of retainKeys"),
                new Refusal("{spec: {$retainKeys: [a], b: 1}}", 400, "invalid patch format of retainKeys"),
                new Refusal(
                        "{spec: {$setElementOrder/containers: 1}}",
                        400,
                        "invalid patch format of setElementOrder list"),
                new Refusal("{spec: {$patch: what}}", 500, "unknown patch type: what in map: map[$patch:what]"),
                new Refusal(
                        "{spec: {containers: [{image: x}]}}",
                        500,
                        "map: map[image:x] does not contain declared merge key: name"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(Refusal r) {
        var document = tree("{spec: {containers: [{name: a}]}}");
        assertThatThrownBy(() -> Patches.strategic(core("Pod"), document, Documents.json(tree(r.patch()))))
                .isInstanceOfSatisfying(
                        PatchException.class, e -> assertThat(e.code()).isEqualTo(r.code()))
                .hasMessage(r.message());
    }
}
