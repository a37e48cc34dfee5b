package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Talking with a running container: exec, logs, cp, attach and port-forward, with every kubectl on this machine.
/// Old ones speak SPDY, new ones WebSocket.
@ExtendWith(Cluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversationStory {
    private static final Duration SOON = Duration.ofSeconds(60);

    private Namespace namespace;
    private Path kubeconfig;

    @TempDir
    Path directory;

    @BeforeAll
    void begin(Cluster cluster) {
        cluster.buildBusybox();
        kubeconfig = cluster.kubeconfig();
        namespace = Namespace.create(cluster);
        namespace.kubectl().apply(Web.shell("partner"));
        namespace.kubectl().apply(Web.deployment(1, "v1"));
        namespace.kubectl().run("wait", "--for=condition=Ready", "pod/partner", "--timeout=60s");
        namespace.kubectl().run("rollout", "status", "deployment/web", "--timeout=60s");
    }

    @AfterAll
    void end() {
        namespace.close();
    }

    List<Kubectl> kubectls() {
        return Kubectl.span(kubeconfig).stream()
                .map(kubectl -> kubectl.in(namespace.name()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void execCarriesInputOutputErrorsAndTheExitCode(Kubectl kubectl) {
        assertThat(kubectl.feed("hello\n", "exec", "-i", "partner", "--", "cat"))
                .isEqualTo("hello\n");
        var run = kubectl.attempt("exec", "partner", "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(run.code()).isEqualTo(7);
        assertThat(run.out()).isEqualTo("out\n");
        assertThat(run.err()).contains("err\n", "command terminated with exit code 7");
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void cpBringsAFileInAndOutUnchanged(Kubectl kubectl) throws Exception {
        byte[] content = new byte[300_000];
        new Random(7).nextBytes(content);
        Path file = Files.write(directory.resolve("in-" + kubectl.version()), content);
        kubectl.run("cp", file.toString(), "partner:/tmp/copy");
        Path back = directory.resolve("out-" + kubectl.version());
        kubectl.run("cp", "partner:/tmp/copy", back.toString());
        assertThat(Files.readAllBytes(back)).isEqualTo(content);
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void logsFollowWhatTheContainerSays(Kubectl kubectl) throws Exception {
        String pod = "talker-" + kubectl.version().replace('.', '-');
        kubectl.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  restartPolicy: Never
                  containers:
                  - name: main
                    image: %s
                    command: [sh, -c, "echo first; while [ ! -e /tmp/go ]; do sleep 0.1; done; echo second"]
                """.formatted(pod, Web.IMAGE));
        kubectl.until(SOON, "first", "logs", pod);
        var follow = new ProcessBuilder(kubectl.command("logs", "-f", pod))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = follow.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("first");
            kubectl.run("exec", pod, "--", "touch", "/tmp/go");
            assertThat(lines.readLine()).isEqualTo("second");
            assertThat(lines.readLine()).isNull();
        } finally {
            follow.destroy();
        }
        assertThat(kubectl.run("logs", pod, "--tail=1")).isEqualTo("second\n");
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void portForwardReachesThePod(Kubectl kubectl) throws Exception {
        String pod = kubectl.run("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[0].metadata.name}");
        var forward = new ProcessBuilder(kubectl.command("port-forward", "pod/" + pod, ":8080"))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = forward.inputReader()) {
            String line = lines.readLine();
            assertThat(line).startsWith("Forwarding from 127.0.0.1:");
            int port = Integer.parseInt(line.replaceAll(".*127\\.0\\.0\\.1:([0-9]+) .*", "$1"));
            for (int i = 0; i < 3; i++) {
                assertThat(Visitors.get(URI.create("http://127.0.0.1:" + port + "/index.html")))
                        .startsWith("v1 " + pod);
            }
        } finally {
            forward.destroy();
            forward.waitFor();
        }
    }
}
