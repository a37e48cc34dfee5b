package dev.kapal.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.codec.Documents;
import dev.kapal.testkit.Conformance;
import dev.kapal.testkit.KubectlBinary;
import java.io.BufferedReader;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The real kubectls, old and new, without flags.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlTest {
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: c, image: nginx}]}
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

    /// Runs kubectl, which must succeed, and answers with what it printed.
    private String run(KubectlBinary kubectl, String input, String... arguments) throws Exception {
        var ended = cluster.kubectl(kubectl.path(), input, arguments);
        assertThat(ended.status()).as("%s: %s", List.of(arguments), ended.err()).isZero();
        return ended.out();
    }

    private String namespace(KubectlBinary kubectl) throws Exception {
        String name = "ns-" + System.nanoTime();
        assertThat(run(kubectl, "", "create", "namespace", name)).isEqualTo("namespace/" + name + " created\n");
        return name;
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance({"cli-kubectl-api-versions", "cli-kubectl-version"})
    void learnsWhatIsServed(KubectlBinary kubectl) throws Exception {
        assertThat(run(kubectl, "", "api-resources"))
                .contains("configmaps", "cm", "deployments", "apps/v1", "endpointslices");
        assertThat(run(kubectl, "", "api-versions").lines()).contains("apps/v1", "v1");
        var versions = Documents.read(run(kubectl, "", "version", "-o", "json").getBytes(UTF_8));
        assertThat(versions.at("/serverVersion/gitVersion").asText()).isEqualTo("v1.34.0+kapal");
        for (var side : List.of("clientVersion", "serverVersion")) {
            assertThat(versions.path(side).path("major").asText()).isEqualTo("1");
            assertThat(versions.path(side).path("minor").asText()).matches("[0-9]+\\+?");
            assertThat(versions.path(side).has("gitCommit")).isTrue();
        }
        assertThat(run(kubectl, "", "get", "ns")).contains("default", "kube-system", "kube-public", "kube-node-lease");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void explainsFields(KubectlBinary kubectl) throws Exception {
        assertThat(run(kubectl, "", "explain", "deployment.spec.replicas"))
                .contains("replicas")
                .contains("Number of desired pods");
        assertThat(run(kubectl, "", "explain", "pod.spec.containers.livenessProbe"))
                .contains("initialDelaySeconds")
                .contains("httpGet");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void createsAndChanges(KubectlBinary kubectl) throws Exception {
        String namespace = namespace(kubectl);
        run(kubectl, "", "-n", namespace, "create", "configmap", "a", "--from-literal=x=1");
        assertThat(run(kubectl, "", "-n", namespace, "get", "cm", "a", "-o", "jsonpath={.data.x}"))
                .isEqualTo("1");
        assertThat(run(kubectl, DEPLOYMENT, "-n", namespace, "apply", "-f", "-"))
                .contains("created");
        assertThat(run(kubectl, DEPLOYMENT, "-n", namespace, "apply", "-f", "-"))
                .contains("unchanged");
        assertThat(run(kubectl, DEPLOYMENT.replace("replicas: 2", "replicas: 3"), "-n", namespace, "apply", "-f", "-"))
                .contains("configured");
        run(kubectl, "", "-n", namespace, "scale", "deployment", "web", "--replicas=5");
        run(kubectl, "", "-n", namespace, "set", "image", "deployment/web", "c=nginx:2");
        run(kubectl, "", "-n", namespace, "label", "deployment", "web", "tier=front");
        assertThat(run(
                        kubectl,
                        "",
                        "-n",
                        namespace,
                        "get",
                        "deployment",
                        "-l",
                        "tier=front",
                        "-o",
                        "jsonpath={.items[*].spec.replicas} {.items[*].spec.template.spec.containers[0].image}"))
                .isEqualTo("5 nginx:2");
        assertThat(run(kubectl, "", "-n", namespace, "get", "deployment", "web"))
                .contains("0/5");
        assertThat(run(kubectl, "", "-n", namespace, "describe", "deployment", "web"))
                .contains("RollingUpdateStrategy:  25% max unavailable, 25% max surge");
        run(kubectl, "", "-n", namespace, "delete", "deployment", "web", "--wait=false");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void refusesUnknownFields(KubectlBinary kubectl) throws Exception {
        var ended = cluster.kubectl(
                kubectl.path(),
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"bad\"},\"dataa\":{}}",
                "apply",
                "-f",
                "-");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("unknown field \"dataa\"");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void watches(KubectlBinary kubectl) throws Exception {
        String namespace = namespace(kubectl);
        var builder = new ProcessBuilder(
                kubectl.path().toString(),
                "--kubeconfig",
                cluster.kubeconfig().toString(),
                "-n",
                namespace,
                "get",
                "configmaps",
                "-w",
                "-o",
                "name");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        var process = builder.start();
        try (BufferedReader lines = process.inputReader()) {
            String path = "/api/v1/namespaces/" + namespace + "/configmaps";
            cluster.create(path, "{apiVersion: v1, kind: ConfigMap, metadata: {name: one}}");
            assertThat(lines.readLine()).isEqualTo("configmap/one");
            cluster.create(path, "{apiVersion: v1, kind: ConfigMap, metadata: {name: two}}");
            assertThat(lines.readLine()).isEqualTo("configmap/two");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void appliesOnTheServer(KubectlBinary kubectl) throws Exception {
        String ns = namespace(kubectl);
        run(kubectl, DEPLOYMENT, "-n", ns, "apply", "-f", "-");
        assertThat(run(kubectl, DEPLOYMENT, "-n", ns, "apply", "--server-side", "-f", "-"))
                .startsWith("deployment.apps/web ");
        assertThat(run(
                        kubectl,
                        DEPLOYMENT.replace("replicas: 2", "replicas: 3"),
                        "-n",
                        ns,
                        "apply",
                        "--server-side",
                        "-f",
                        "-"))
                .startsWith("deployment.apps/web ");
        assertThat(run(kubectl, "", "-n", ns, "get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("3");
        var refused = cluster.kubectl(
                kubectl.path(),
                DEPLOYMENT.replace("replicas: 2", "replicas: 4"),
                "-n",
                ns,
                "apply",
                "--server-side",
                "--field-manager=other",
                "-f",
                "-");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.err()).contains("conflict with \"kubectl\"").contains(".spec.replicas");
        run(
                kubectl,
                DEPLOYMENT.replace("replicas: 2", "replicas: 4"),
                "-n",
                ns,
                "apply",
                "--server-side",
                "--force-conflicts",
                "--field-manager=other",
                "-f",
                "-");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void asksWhoMayDoWhat(KubectlBinary kubectl) throws Exception {
        String namespace = namespace(kubectl);
        run(
                kubectl,
                "",
                "create",
                "rolebinding",
                "reader",
                "--clusterrole=system:aggregate-to-view",
                "--user=ada",
                "-n",
                namespace);
        assertThat(run(kubectl, "", "auth", "can-i", "list", "pods", "--as=ada", "-n", namespace))
                .isEqualTo("yes\n");
        var no = cluster.kubectl(kubectl.path(), "", "auth", "can-i", "delete", "pods", "--as=ada", "-n", namespace);
        assertThat(no.status()).isEqualTo(1);
        assertThat(no.out()).startsWith("no");
        assertThat(run(kubectl, "", "auth", "can-i", "--list", "--as=ada", "-n", namespace))
                .contains("pods/log")
                .contains("selfsubjectaccessreviews.authorization.k8s.io")
                .contains("[/openapi/*]");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void toldWhoItIs(KubectlBinary kubectl) throws Exception {
        var answer = cluster.kubectl(kubectl.path(), "", "auth", "whoami");
        if (answer.status() != 0) {
            assertThat(answer.err())
                    .as("kubectl before 1.26 does not know the question, before 1.28 only its drafts")
                    .containsAnyOf("unknown command", "the selfsubjectreviews API is not enabled");
            return;
        }
        assertThat(answer.out()).contains("kubernetes-admin").contains("system:masters");
    }
}
