package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Another machine joins the cluster. The machine is a network namespace of this one, with an agent and a containerd of
/// its own.
@Tag("root")
@ExtendWith(Cluster.class)
class SecondNodeStory {
    private static final Duration SHORT = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /// A network namespace with a way to this machine, and nothing else.
    ///
    ///     this machine  kse0 172.30.91.1 ── 172.30.91.2 kse1  namespace kapal-second
    private static final class Machine implements AutoCloseable {
        private static final String NAME = "kapal-second";

        private final Path data = Path.of("/tmp/kapal-e2e-second");
        private final Path log = Path.of("/tmp/kapal-e2e-second.log");
        private Process agent;

        Machine() {
            remove();
            ip("netns", "add", NAME);
            ip("link", "add", "kse0", "type", "veth", "peer", "name", "kse1");
            ip("link", "set", "kse1", "netns", NAME);
            ip("address", "add", "172.30.91.1/24", "dev", "kse0");
            ip("link", "set", "kse0", "up");
            ip("-n", NAME, "address", "add", "172.30.91.2/24", "dev", "kse1");
            ip("-n", NAME, "link", "set", "kse1", "up");
            ip("-n", NAME, "link", "set", "lo", "up");
            ip("-n", NAME, "route", "add", "default", "via", "172.30.91.1");
        }

        private static void ip(String... arguments) {
            var command = new ArrayList<>(List.of("ip"));
            command.addAll(List.of(arguments));
            Run.of(SHORT, command.toArray(String[]::new)).ok();
        }

        private static void remove() {
            Run.of(SHORT, "ip", "netns", "del", NAME);
            Run.of(SHORT, "ip", "link", "del", "kse0");
        }

        /// Runs `./kapal …` on the machine.
        private List<String> kapal(String... arguments) {
            var command = new ArrayList<>(List.of(
                    "nsenter",
                    "--net=/run/netns/" + NAME,
                    Cluster.home().resolve("kapal").toString()));
            command.addAll(List.of(arguments));
            command.addAll(List.of("--data-dir", data.toString()));
            return command;
        }

        void start(String... arguments) throws IOException {
            agent = new ProcessBuilder(kapal(arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        }

        void stop() throws InterruptedException {
            agent.destroy();
            if (!agent.waitFor(SHORT.toSeconds(), TimeUnit.SECONDS)) {
                agent.destroyForcibly().waitFor();
            }
        }

        String said() throws IOException {
            return Files.readString(log);
        }

        @Override
        public void close() throws Exception {
            if (agent != null) {
                stop();
                Run.of(LIMIT, kapal("down", "--purge").toArray(String[]::new)).ok();
            }
            remove();
            Files.deleteIfExists(log);
        }
    }

    @Test
    void joinsBecomesReadyRunsAPodAndComesBack(Cluster cluster) throws Exception {
        var kubectl = cluster.kubectl();
        var line = cluster.kapal("token", "create", "--ttl", "10m")
                .ok()
                .out()
                .strip()
                .split(" ");
        try (var machine = new Machine()) {
            machine.start(
                    "agent", "--server", line[3], "--token", line[5], "--ca-hash", line[7], "--node-name", "second");
            kubectl.until(LIMIT, "second", "get", "nodes", "-o", "name");
            kubectl.run("wait", "--for=condition=Ready", "node/second", "--timeout=60s");
            assertThat(kubectl.run("get", "node", "second", "-o", "jsonpath={.spec.podCIDR}"))
                    .startsWith("10.244.")
                    .isNotEqualTo("10.244.0.0/24");

            kubectl.apply("""
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: over-there}
                    spec:
                      nodeName: second
                      terminationGracePeriodSeconds: 1
                      containers: [{name: c, image: registry.k8s.io/pause:3.10, imagePullPolicy: Never}]
                    """.replace("registry.k8s.io/pause:3.10", pause(kubectl)));
            kubectl.run("wait", "--for=condition=Ready", "pod/over-there", "--timeout=60s");
            // The API server connects to the node's own server, whose certificate came through the API.
            kubectl.until(LIMIT, "ok", "get", "--raw", "/api/v1/nodes/second/proxy/healthz");
            assertThat(kubectl.run("logs", "over-there")).isEmpty();

            machine.stop();
            machine.start("agent", "--node-name", "second");
            Patience.until(
                    LIMIT,
                    () -> {
                        try {
                            return machine.said();
                        } catch (IOException unreadable) {
                            throw new AssertionError(unreadable);
                        }
                    },
                    said -> said.contains("node started"),
                    "the agent starts without its token");
            assertThat(kubectl.run(
                            "get", "pod", "over-there", "-o", "jsonpath={.status.containerStatuses[0].restartCount}"))
                    .isEqualTo("0");
            kubectl.run("delete", "pod", "over-there", "--timeout=60s");
            kubectl.run("delete", "node", "second");
        }
    }

    /// The image that every node has: it holds pods' namespaces.
    private static String pause(Kubectl kubectl) {
        return Patience.until(
                        LIMIT,
                        () -> kubectl.run("get", "node", "second", "-o", "jsonpath={.status.images[*].names[*]}"),
                        names -> names.contains("pause"),
                        "the image of pods' namespaces")
                .lines()
                .flatMap(names -> List.of(names.split(" ")).stream())
                .filter(name -> name.contains("pause") && !name.contains("@"))
                .findFirst()
                .orElseThrow();
    }
}
