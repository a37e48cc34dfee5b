package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Api;
import dev.kapal.client.Key;
import dev.kapal.testkit.Conformance;
import dev.kapal.testkit.KubectlBinary;
import dev.kapal.testkit.KubectlRun;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What people do with kubectl to running pods, with an old, a newer and the newest one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class KubectlTasksTest {
    private static final String MEMORY = """
            apiVersion: v1
            kind: ReplicationController
            metadata: {name: memory, labels: {app: memory}}
            spec:
              replicas: 2
              selector: {app: memory}
              template:
                metadata: {labels: {app: memory, role: primary}}
                spec: {containers: [{name: main, image: "memory:1", ports: [{name: memory, containerPort: 6379}]}]}
            """;

    private Path directory;
    private Town town;
    private Path kubeconfig;

    @BeforeAll
    void found(@TempDir Path directory) throws Exception {
        this.directory = directory;
        town = Town.start(directory.resolve("town"), Duration.ofHours(1)); // its node says only once that it is ready
        kubeconfig = town.kubeconfig(directory);
        town.api()
                .create(new NodeBuilder()
                        .withNewMetadata()
                        .withName("n1")
                        .endMetadata()
                        .build());
        town.api()
                .patchStatus(
                        Node.class,
                        Key.cluster("n1"),
                        Api.Patch.STRATEGIC,
                        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
    }

    @AfterAll
    void leave() throws Exception {
        if (town != null) {
            town.close();
        }
    }

    /// kubectl in a namespace of its own.
    private final class Desk {
        private final KubectlBinary kubectl;
        private final String namespace = "desk-" + System.nanoTime();

        Desk(KubectlBinary kubectl) throws Exception {
            this.kubectl = kubectl;
            run("create", "namespace", namespace);
        }

        String run(String... arguments) throws Exception {
            return feed("", arguments);
        }

        /// Runs it with this input; it must succeed.
        String feed(String input, String... arguments) throws Exception {
            var ended = attempt(input, arguments);
            assertThat(ended.status())
                    .as("%s: %s", List.of(arguments), ended.err())
                    .isZero();
            return ended.out();
        }

        KubectlRun attempt(String input, String... arguments) throws Exception {
            var all = new ArrayList<>(List.of("--namespace", namespace));
            all.addAll(List.of(arguments));
            return KubectlRun.of(kubectl.path(), kubeconfig, directory, input, all.toArray(String[]::new));
        }

        void replicate() throws Exception {
            feed(MEMORY, "create", "-f", "-");
            town.await(
                    ReplicationController.class,
                    "two ready pods",
                    all -> all.find(new Key(namespace, "memory"))
                            .filter(found -> found.getStatus() != null
                                    && Integer.valueOf(2)
                                            .equals(found.getStatus().getReadyReplicas()))
                            .isPresent());
        }

        /// Runs one pod and waits until it is ready.
        void runPod(String name, String image) throws Exception {
            run("run", name, "--image=" + image, "--restart=Never", "--labels=app=" + name);
            awaitRunning(name, image);
        }

        void awaitRunning(String name, String image) throws Exception {
            town.await(
                    Pod.class,
                    "a running pod of " + image,
                    pods -> pods.find(new Key(namespace, name))
                            .filter(pod -> pod.getSpec()
                                            .getContainers()
                                            .getFirst()
                                            .getImage()
                                            .equals(image)
                                    && "Running".equals(pod.getStatus().getPhase()))
                            .isPresent());
        }

        String image(String pod) throws Exception {
            return run("get", "pod", pod, "-o", "jsonpath={.spec.containers[*].image}");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance("cli-kubectl-cluster-info")
    void tellsWhereTheClusterIs(KubectlBinary kubectl) throws Exception {
        var plain = new Desk(kubectl).run("cluster-info").replaceAll("\u001b\\[[0-9;]*m", "");
        assertThat(plain).startsWith("Kubernetes control plane is running at https://127.0.0.1:");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance("cli-kubectl-run-pod")
    void runsAPod(KubectlBinary kubectl) throws Exception {
        var desk = new Desk(kubectl);
        desk.runPod("web", "web:1");
        assertThat(desk.image("web")).isEqualTo("web:1");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance("cli-kubectl-dry-run")
    void triesAPatchOnTheServerWithoutAnEffect(KubectlBinary kubectl) throws Exception {
        var desk = new Desk(kubectl);
        desk.runPod("web", "web:1");
        var patch = "{\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"other:2\"}]}}";
        assertThat(desk.run(
                        "patch",
                        "pod",
                        "web",
                        "-p",
                        patch,
                        "--dry-run=server",
                        "-o",
                        "jsonpath={.spec.containers[0].image}"))
                .isEqualTo("other:2");
        assertThat(desk.image("web")).isEqualTo("web:1");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance("cli-kubectl-replace")
    void replacesAPodsImageAndThePodItself(KubectlBinary kubectl) throws Exception {
        var desk = new Desk(kubectl);
        desk.runPod("web", "web:1");
        var pod = desk.run("get", "pod", "web", "-o", "json");
        desk.feed(pod.replace("web:1", "web:2"), "replace", "-f", "-");
        assertThat(desk.image("web")).isEqualTo("web:2");

        var before = desk.run("get", "pod", "web", "-o", "jsonpath={.metadata.uid}");
        desk.feed("""
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec: {containers: [{name: other, image: "other:3"}]}
                """, "replace", "--force", "-f", "-");
        desk.awaitRunning("web", "other:3");
        assertThat(desk.run("get", "pod", "web", "-o", "jsonpath={.metadata.uid}"))
                .isNotEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance("cli-kubectl-label")
    void setsShowsAndRemovesALabel(KubectlBinary kubectl) throws Exception {
        var desk = new Desk(kubectl);
        desk.runPod("web", "web:1");
        desk.run("label", "pod", "web", "tier=front");
        assertThat(desk.run("get", "pod", "web", "-L", "tier")).contains("TIER").contains("front");

        desk.run("label", "pod", "web", "tier-");
        assertThat(desk.run("get", "pod", "web", "-L", "tier")).contains("TIER").doesNotContain("front");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance("cli-kubectl-patch-annotate")
    void annotatesEachPodOfAReplicationController(KubectlBinary kubectl) throws Exception {
        var desk = new Desk(kubectl);
        desk.replicate();
        var pods = desk.run("get", "pods", "-l", "app=memory", "-o", "name")
                .lines()
                .toList();
        assertThat(pods).hasSize(2);
        for (var pod : pods) {
            desk.run("patch", pod, "-p", "{\"metadata\":{\"annotations\":{\"x\":\"y\"}}}");
        }
        for (var pod : pods) {
            assertThat(desk.run("get", pod, "-o", "jsonpath={.metadata.annotations.x}"))
                    .isEqualTo("y");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance("cli-kubectl-expose")
    void makesServicesOfAReplicationControllerAndOfAService(KubectlBinary kubectl) throws Exception {
        var desk = new Desk(kubectl);
        desk.replicate();
        desk.run("expose", "rc", "memory", "--name=first", "--port=1234", "--target-port=6379");
        desk.run("expose", "service", "first", "--name=second", "--port=2345", "--target-port=6379");
        for (var name : List.of("first", "second")) {
            assertThat(desk.run("get", "service", name, "-o", "jsonpath={.spec.ports[*]['port', 'targetPort']}"))
                    .isEqualTo((name.equals("first") ? "1234" : "2345") + " 6379");
            town.await(
                    Endpoints.class,
                    "both pods behind " + name,
                    all -> all.find(new Key(desk.namespace, name)).stream()
                            .flatMap(found -> found.getSubsets().stream())
                            .anyMatch(subset -> subset.getAddresses().size() == 2
                                    && subset.getPorts().getFirst().getPort() == 6379));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance("cli-kubectl-diff")
    void showsHowAFileDiffers(KubectlBinary kubectl) throws Exception {
        var desk = new Desk(kubectl);
        var live = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: main, image: httpd}]}
                """;
        desk.feed(live, "create", "-f", "-");
        var difference = desk.attempt(live.replace("httpd", "busybox"), "diff", "-f", "-");
        assertThat(difference.status()).as(difference.err()).isEqualTo(1);
        assertThat(difference.out())
                .containsPattern("(?m)^-.*image: httpd$")
                .containsPattern("(?m)^\\+.*image: busybox$");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance("cli-kubectl-describe")
    void describesWhatRuns(KubectlBinary kubectl) throws Exception {
        var desk = new Desk(kubectl);
        desk.replicate();
        desk.run("expose", "rc", "memory", "--port=6379");
        var pod = desk.run("get", "pods", "-l", "app=memory", "-o", "jsonpath={.items[0].metadata.name}");
        assertThat(lines(desk.run("describe", "pod", pod)))
                .contains(
                        "Name: " + pod,
                        "Namespace: " + desk.namespace,
                        "Labels: app=memory",
                        "role=primary",
                        "Status: Running",
                        "State: Running",
                        "Ready: True",
                        "Image: memory:1",
                        "Controlled By: ReplicationController/memory",
                        "QoS Class: BestEffort")
                .anyMatch(line -> line.matches("Port: 6379/TCP( .*)?")) // newer ones add the port's name
                .anyMatch(line -> line.matches("Node: n1(/.*)?"))
                .anyMatch(line -> line.matches("IP: 10\\.244\\..*"));
        assertThat(lines(desk.run("describe", "rc", "memory")))
                .contains(
                        "Name: memory",
                        "Namespace: " + desk.namespace,
                        "Selector: app=memory",
                        "Labels: app=memory",
                        "Replicas: 2 current / 2 desired",
                        "Pods Status: 2 Running / 0 Waiting / 0 Succeeded / 0 Failed",
                        "Pod Template:",
                        "Image: memory:1")
                .anyMatch(line ->
                        line.matches("Normal SuccessfulCreate .* replication-controller Created pod: memory-.*"));
        assertThat(lines(desk.run("describe", "service", "memory")))
                .contains(
                        "Name: memory",
                        "Namespace: " + desk.namespace,
                        "Labels: app=memory",
                        "Selector: app=memory",
                        "Type: ClusterIP",
                        "Port: <unset> 6379/TCP",
                        "Session Affinity: None")
                .anyMatch(line -> line.matches("Endpoints: 10\\.244\\.[0-9.]+:6379,10\\.244\\.[0-9.]+:6379"))
                .anyMatch(line -> line.matches("IP: 10\\.96\\..*"));
        assertThat(lines(desk.run("describe", "node", "n1")))
                .contains("Name: n1", "System Info:", "PodCIDR: 10.244.0.0/24")
                .anyMatch(line -> line.startsWith("Non-terminated Pods:"))
                .anyMatch(line -> line.startsWith(desk.namespace + " " + pod));
        assertThat(lines(desk.run("describe", "namespace", desk.namespace)))
                .contains("Name: " + desk.namespace, "Status: Active", "No resource quota.", "No LimitRange resource.");
    }

    /// The lines of a text, with one space for each gap.
    private static List<String> lines(String text) {
        return text.lines().map(line -> line.trim().replaceAll("\\s+", " ")).toList();
    }
}
