package dev.kapal.apiserver.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.TestServer;
import dev.kapal.testkit.KubectlBinary;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Real kubectls, a real API server, and an agent that is only pretended.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodConnectionsTest {
    private TestServer cluster;
    private FakeAgent agent;

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start();
        agent = FakeAgent.start(cluster, "n1");
        cluster.create("/api/v1/nodes", "{apiVersion: v1, kind: Node, metadata: {name: n1}}");
        cluster.putStatus(
                "/api/v1/nodes/n1",
                "{addresses: [{type: InternalIP, address: 127.0.0.1}], daemonEndpoints: {kubeletEndpoint: {Port: %d}}}"
                        .formatted(agent.port()));
        cluster.create(
                "/api/v1/namespaces/default/serviceaccounts",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}");
        pod("web", "nodeName: n1, containers: [{name: app, image: x}]");
        pod("two", "nodeName: n1, containers: [{name: app, image: x}, {name: waiting, image: x}]");
        pod("unborn", "containers: [{name: app, image: x}]");
        cluster.putStatus("/api/v1/namespaces/default/pods/web", "{phase: Running, podIP: 127.0.0.1}");
        cluster.putStatus("/api/v1/namespaces/default/pods/two", "{phase: Running, podIP: 127.0.0.1}");
    }

    private void pod(String name, String spec) throws Exception {
        cluster.create(
                "/api/v1/namespaces/default/pods",
                "{apiVersion: v1, kind: Pod, metadata: {name: %s}, spec: {%s}}".formatted(name, spec));
    }

    @AfterAll
    void stop() {
        agent.close();
        cluster.close();
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void runsACommandAndTellsHowItEnded(KubectlBinary kubectl) throws Exception {
        var echo = cluster.kubectl(kubectl.path(), "", "exec", "web", "--", "echo", "a b", "ü");
        assertThat(echo.out()).as(echo.err()).isEqualTo("echo a b ü\n");
        assertThat(echo.status()).isZero();
        var fail = cluster.kubectl(kubectl.path(), "", "exec", "web", "--", "fail");
        assertThat(fail.err()).contains("no such luck").contains("exit code 7");
        assertThat(fail.status()).isEqualTo(7);
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void endsTheInputOfACommand(KubectlBinary kubectl) throws Exception {
        String much = "line\n".repeat(50_000);
        var cat = cluster.kubectl(kubectl.path(), much, "exec", "-i", "web", "--", "cat");
        assertThat(cat.err()).isEmpty();
        assertThat(cat.out()).isEqualTo(much);
        assertThat(cat.status()).isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void saysWhyACommandCannotRun(KubectlBinary kubectl) throws Exception {
        assertThat(cluster.kubectl(kubectl.path(), "", "exec", "web", "--", "missing")
                        .err())
                .contains("unable to upgrade connection: container not found (\"app\")");
        assertThat(cluster.kubectl(kubectl.path(), "", "exec", "unborn", "--", "x")
                        .err())
                .contains("pod unborn does not have a host assigned");
        assertThat(cluster.kubectl(kubectl.path(), "", "exec", "none", "--", "x")
                        .err())
                .contains("pods \"none\" not found");
        assertThat(cluster.kubectl(kubectl.path(), "", "exec", "web", "-c", "nope", "--", "x")
                        .err())
                .contains("container nope is not valid for pod web");
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void showsLogs(KubectlBinary kubectl) throws Exception {
        assertThat(cluster.kubectl(kubectl.path(), "", "logs", "web").out()).isEqualTo("line one\nline two\n");
        assertThat(cluster.kubectl(kubectl.path(), "", "logs", "-f", "--tail=5", "--timestamps", "web")
                        .out())
                .isEqualTo("line one\nline two\n");
        assertThat(agent.seen.get("/containerLogs/default/web/app"))
                .contains("follow=true")
                .contains("tailLines=5")
                .contains("timestamps=true");
        assertThat(cluster.kubectl(kubectl.path(), "", "logs", "two", "-c", "waiting")
                        .err())
                .contains("Error from server (BadRequest): container \"waiting\" in pod \"web\" is waiting to start");
        assertThat(cluster.kubectl(kubectl.path(), "", "logs", "unborn").status())
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void forwardsPorts(KubectlBinary kubectl) throws Exception {
        var builder = new ProcessBuilder(
                kubectl.path().toString(),
                "--kubeconfig",
                cluster.kubeconfig().toString(),
                "port-forward",
                "pod/web",
                ":8080");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        var process = builder.start();
        try (var lines = process.inputReader()) {
            String line = lines.readLine(); // Forwarding from 127.0.0.1:40123 -> 8080
            assertThat(line).contains("Forwarding from 127.0.0.1:");
            int port = Integer.parseInt(line.substring(line.indexOf(':') + 1, line.indexOf(" ->")));
            for (int i = 0; i < 3; i++) {
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.setSoTimeout(10_000);
                    socket.getOutputStream().write("hello".getBytes(UTF_8));
                    assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                            .isEqualTo("8080:HELLO");
                }
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    @Test
    void wantsAnUpgrade() throws Exception {
        var answer = cluster.call("POST", "/api/v1/namespaces/default/pods/web/exec?command=x&stdout=true", "");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.document().path("message").asText()).isEqualTo("Upgrade request required");
    }

    @Test
    void wantsAContainerToBeNamedWhereThereAreTwo() throws Exception {
        var answer = cluster.call("GET", "/api/v1/namespaces/default/pods/two/log", "");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.document().path("message").asText())
                .isEqualTo("a container name must be specified for pod two, choose one of: [app waiting]");
    }

    @Test
    void refusesNonsenseAboutLogs() throws Exception {
        var answer = cluster.call("GET", "/api/v1/namespaces/default/pods/web/log?tailLines=-1&limitBytes=0", "");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.document().path("message").asText())
                .contains("tailLines: Invalid value: -1: must be greater than or equal to 0")
                .contains("limitBytes: Invalid value: 0: must be greater than 0");
    }

    @Test
    void passesRequestsOnToNodes() throws Exception {
        var answer = cluster.call("GET", "/api/v1/nodes/n1/proxy/stats/summary?x=1", "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("node:/stats/summary?x=1");
    }
}
