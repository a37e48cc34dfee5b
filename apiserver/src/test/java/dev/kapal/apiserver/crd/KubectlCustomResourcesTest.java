package dev.kapal.apiserver.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.TestServer;
import dev.kapal.testkit.Conformance;
import dev.kapal.testkit.KubectlBinary;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Custom resources as the real kubectls, old and new, see them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlCustomResourcesTest {
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: bars.GROUP}
            spec:
              group: GROUP
              scope: Namespaced
              names: {plural: bars, kind: Bar, shortNames: [br], categories: [drinks]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
                additionalPrinterColumns:
                - {name: Replicas, type: integer, jsonPath: .spec.replicas}
                - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
                - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
                schema:
                  openAPIV3Schema:
                    type: object
                    description: A bar to drink at
                    properties:
                      spec:
                        type: object
                        description: What the bar should be like
                        required: [name]
                        properties:
                          name: {type: string, description: What it says over the door}
                          replicas: {type: integer, description: How many there are, minimum: 0, default: 1}
                          owner: {type: string, nullable: true}
                          size: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
                          drinks: {type: array, items: {type: object, properties: {name: {type: string, description: As the menu has it}}}}
                      status:
                        type: object
                        x-kubernetes-preserve-unknown-fields: true
            """;
    private static final String BAR = """
            apiVersion: GROUP/v1
            kind: Bar
            metadata: {name: one}
            spec: {name: Moe, drinks: [{name: beer}]}
            """;

    private TestServer cluster;

    @BeforeAll
    void start() {
        cluster = TestServer.start();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private String run(KubectlBinary kubectl, String input, String... arguments) throws Exception {
        var ended = cluster.kubectl(kubectl.path(), input, arguments);
        assertThat(ended.status()).as("%s: %s", List.of(arguments), ended.err()).isZero();
        return ended.out();
    }

    private String fails(KubectlBinary kubectl, String input, String... arguments) throws Exception {
        var ended = cluster.kubectl(kubectl.path(), input, arguments);
        assertThat(ended.status()).as("%s: %s", List.of(arguments), ended.out()).isNotZero();
        return ended.err();
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance({"api-crd-openapi-with-schema", "api-crd-openapi-multi-group"})
    void definesAndUsesAKindOfItsOwn(KubectlBinary kubectl) throws Exception {
        var group = "g" + kubectl.minor() + ".example.com";
        var definition = DEFINITION.replace("GROUP", group);
        var bar = BAR.replace("GROUP", group);
        assertThat(run(kubectl, definition, "apply", "-f", "-")).contains("created");
        run(kubectl, "", "wait", "--for=condition=Established", "crd/bars." + group, "--timeout=10s");
        assertThat(run(kubectl, "", "api-resources", "--api-group=" + group)).contains("bars", "br", "Bar", "true");

        assertThat(run(kubectl, "", "explain", "bars", "--api-version=" + group + "/v1"))
                .contains("A bar to drink at", "spec");
        assertThat(run(kubectl, "", "explain", "bars.spec", "--api-version=" + group + "/v1"))
                .contains("What it says over the door", "required");
        assertThat(run(kubectl, "", "explain", "bars.spec.drinks.name", "--api-version=" + group + "/v1"))
                .contains("As the menu has it");

        assertThat(run(kubectl, bar, "apply", "-f", "-")).contains("bar." + group + "/one created");
        assertThat(run(kubectl, bar, "apply", "-f", "-")).contains("unchanged");
        assertThat(run(kubectl, bar.replace("Moe", "Joe"), "apply", "-f", "-")).contains("configured");
        assertThat(run(kubectl, "", "get", "bars." + group)).matches("(?s)NAME +REPLICAS +READY +AGE\\s+one +1 .*");
        run(kubectl, "", "scale", "bars." + group + "/one", "--replicas=3");
        assertThat(run(kubectl, "", "get", "br", "one", "-o", "jsonpath={.spec.replicas}", "--ignore-not-found"))
                .isIn("3", "");
        assertThat(run(kubectl, "", "describe", "bars." + group, "one")).contains("Kind:", "Bar", "Joe");

        assertThat(fails(kubectl, bar.replace("name: Moe, ", ""), "apply", "-f", "-"))
                .containsIgnoringCase("name")
                .containsIgnoringCase("required");
        assertThat(fails(kubectl, bar.replace("name: Moe", "name: Moe, nonsense: 1"), "apply", "-f", "-"))
                .contains("unknown field")
                .contains("nonsense");
        assertThat(fails(kubectl, bar.replace("name: Moe", "name: Moe, replicas: -1"), "apply", "-f", "-"))
                .contains("spec.replicas");

        run(kubectl, "", "delete", "crd", "bars." + group);
        assertThat(fails(kubectl, "", "get", "bars." + group)).contains("bars");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance({
        "api-crd-openapi-preserve-root",
        "api-crd-openapi-without-schema",
        "api-field-validation-cr-unknown-no-schema"
    })
    void acceptsAnythingWhereTheSchemaDoes(KubectlBinary kubectl) throws Exception {
        var group = "any" + kubectl.minor() + ".example.com";
        var definition = """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: foos.GROUP}
                spec:
                  group: GROUP
                  scope: Cluster
                  names: {plural: foos, kind: Foo}
                  versions:
                  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
                """.replace("GROUP", group);
        run(kubectl, definition, "create", "-f", "-");
        run(kubectl, "", "wait", "--for=condition=Established", "crd/foos." + group, "--timeout=10s");
        var foo = "apiVersion: " + group + "/v1\nkind: Foo\nmetadata: {name: x}\na: {b: [1, {c: d}]}\n";
        assertThat(run(kubectl, foo, "create", "-f", "-")).contains("created");
        assertThat(run(kubectl, foo, "apply", "-f", "-")).contains("foo");
        assertThat(run(kubectl, "", "get", "foos." + group, "x", "-o", "jsonpath={.a.b[1].c}"))
                .isEqualTo("d");
        assertThat(run(kubectl, "", "explain", "foos", "--api-version=" + group + "/v1"))
                .contains("Foo")
                .contains("DESCRIPTION");
    }
}
