package dev.kapal.e2e;

import dev.kapal.testkit.KubectlBinary;
import dev.kapal.testkit.MachineOfItsOwn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// The cluster that the stories share, started by the launcher as a user would: `@ExtendWith(Cluster.class)`.
///
/// It is up when a story class begins; a story may stop it, the next class starts it again. After the last story
/// it is taken down and its data removed.
public final class Cluster implements BeforeAllCallback, ParameterResolver, ExecutionCondition {
    /// Not 6443: a cluster that a person runs on this machine keeps its port.
    static final int PORT = 26443;

    private static final Path DATA = Path.of("/tmp/kapal-e2e");
    private static final Duration LIFE_CYCLE_LIMIT = Duration.ofMinutes(4);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return "root".equals(System.getProperty("user.name"))
                ? ConditionEvaluationResult.enabled("root")
                : ConditionEvaluationResult.disabled("stories start real containers and need root");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        MachineOfItsOwn.take(context);
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Cluster.class))
                .getOrComputeIfAbsent("end", key ->
                        (AutoCloseable) () -> kapal("down", "--purge").ok());
        up();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return this;
    }

    /// The project's root, where the launcher is.
    static Path home() {
        return KubectlBinary.home();
    }

    Path data() {
        return DATA;
    }

    Path kubeconfig() {
        return DATA.resolve("kubeconfig");
    }

    Kubectl kubectl() {
        return Kubectl.newest(kubeconfig());
    }

    /// The pid of the background process.
    long pid() throws IOException {
        return Long.parseLong(Files.readString(DATA.resolve("run/kapal.pid")).split(" ")[0]);
    }

    Run up() {
        return kapal("up", "--port", Integer.toString(PORT)).ok();
    }

    /// Makes sure that the stories' image is on the node; quick when it is.
    void buildBusybox() {
        kapal("image", "build", "busybox").ok();
    }

    /// Runs `./kapal VERB … --data-dir …` with a kubeconfig of the stories' own.
    Run kapal(String verb, String... arguments) {
        var command = new ArrayList<>(List.of(home().resolve("kapal").toString(), verb));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("--data-dir", DATA.toString()));
        return Run.of(
                LIFE_CYCLE_LIMIT,
                Map.of(
                        "KAPAL_SKIP_BUILD",
                        "1",
                        "KUBECONFIG",
                        DATA.resolveSibling("kapal-e2e.kubeconfig").toString()),
                new byte[0],
                command);
    }
}
