package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Bad luck: Kapal is killed, containerd dies, `up` is run twice.
@ExtendWith(Cluster.class)
class SurvivalStory {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern HASHES = Pattern.compile("\"hashes\":([0-9]+)");
    private static final String CONTAINERS =
            "jsonpath={range .items[*]}{.metadata.name} {.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}{\"\\n\"}{end}";

    private Cluster cluster;

    @BeforeEach
    void begin(Cluster running) {
        cluster = running;
        cluster.up();
    }

    @Test
    void containersSurviveTheKillingOfKapalAndAreAdopted() throws Exception {
        assertThat(cluster.kapal("demo").ok().out()).contains("http://", "hashes/second");
        var kubectl = cluster.kubectl().in("dockercoins");
        String before = kubectl.run("get", "pods", "-o", CONTAINERS);
        assertThat(before.lines()).hasSize(5).allMatch(line -> line.endsWith(" 0"));
        URI page = page(kubectl);
        long counted = hashes(page);

        long pid = cluster.pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        ProcessHandle.of(pid).ifPresent(handle -> handle.onExit().join());
        long meanwhile = hashes(page);
        assertThat(meanwhile).as("the web page answers while Kapal is dead").isGreaterThanOrEqualTo(counted);

        cluster.up();
        kubectl.run("wait", "--for=condition=Ready", "pods", "--all", "--timeout=60s");
        assertThat(kubectl.run("get", "pods", "-o", CONTAINERS)).isEqualTo(before);
        Patience.until(SOON, () -> hashes(page), now -> now > meanwhile, "the counter goes on from " + meanwhile);
        kubectl.run("delete", "namespace", "dockercoins", "--timeout=60s");
    }

    @Test
    void aContainerdThatDiesComesBackAndItsContainersWithIt() throws Exception {
        cluster.buildBusybox();
        try (var namespace = Namespace.create(cluster)) {
            var kubectl = namespace.kubectl();
            kubectl.apply(Web.shell("steady"));
            kubectl.run("wait", "--for=condition=Ready", "pod/steady", "--timeout=60s");
            String before = kubectl.run("get", "pods", "-o", CONTAINERS);
            containerd().destroyForcibly();
            Patience.until(
                    SOON,
                    () -> kubectl.attempt("exec", "steady", "--", "echo", "alive")
                            .out(),
                    out -> out.equals("alive\n"),
                    "exec works again");
            kubectl.run("wait", "--for=condition=Ready", "node", "--all", "--timeout=60s");
            assertThat(kubectl.run("get", "pods", "-o", CONTAINERS)).isEqualTo(before);
        }
    }

    @Test
    void aSecondUpChangesNothing() throws Exception {
        long pid = cluster.pid();
        assertThat(cluster.up().out()).contains("runs already");
        assertThat(cluster.pid()).isEqualTo(pid);
        assertThat(cluster.kapal("status").ok().out()).contains("Ready");
    }

    @Test
    void aTakenPortIsNamedInOneSentence(@TempDir Path other) {
        var run = Run.of(
                SOON,
                Map.of(
                        "KAPAL_SKIP_BUILD",
                        "1",
                        "KUBECONFIG",
                        other.resolve("config").toString()),
                new byte[0],
                List.of(
                        Cluster.home().resolve("kapal").toString(),
                        "up",
                        "--data-dir",
                        other.toString(),
                        "--port",
                        Integer.toString(Cluster.PORT)));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .hasSize(1)
                .first()
                .asString()
                .contains("port " + Cluster.PORT + " is taken", "--port");
    }

    private ProcessHandle containerd() {
        String config = cluster.data().resolve("containerd").toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("/containerd"))
                .filter(process -> process.info().commandLine().orElse("").contains(config))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no containerd of " + config));
    }

    private static URI page(Kubectl kubectl) {
        String port = kubectl.run("get", "service", "webui", "-o", "jsonpath={.spec.ports[0].nodePort}");
        String node = kubectl.run("get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}");
        return URI.create("http://" + node + ":" + port + "/json");
    }

    private static long hashes(URI page) {
        try {
            var found = HASHES.matcher(Visitors.get(page));
            return found.find() ? Long.parseLong(found.group(1)) : -1;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
