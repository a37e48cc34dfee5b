package dev.kapal.dist;

import dev.kapal.apiserver.AccessOptions;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.LogFormat;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.cli.DataDirectory;
import dev.kapal.client.Clients;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.pki.ClusterPki;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `kapal train`: two short lives of the control plane, for the JVM to record as its AOT cache (JEP 514). Run by the
/// launcher after a build; what it does here starts fast later: the first life begins with nothing, the second finds
/// certificates and a store and is started by its command line, as users start it.
@Command(name = "train", hidden = true, description = "Records the AOT cache; run by the launcher.")
final class Train implements Callable<Integer> {
    private static final Duration LIFE = Duration.ofSeconds(2);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Time time = Time.system();

    @Parameters(paramLabel = "DIRECTORY", description = "an empty one, for the data of these lives")
    private Path directory;

    @Override
    public Integer call() throws IOException, InterruptedException {
        LogFormat.install(Level.INFO);
        var data = new DataDirectory(directory).create();
        first(data);
        Files.delete(data.kubeconfig());
        try (var life = new Life("train")) {
            life.start("use", () -> useAndEnd(data.kubeconfig()));
            return Kapal.execute(
                    "server",
                    "--no-node",
                    "--port",
                    "0",
                    "--data-dir",
                    data.root().toString());
        }
    }

    private void first(DataDirectory data) throws IOException, InterruptedException {
        var metrics = new Metrics();
        try (var life = new Life("train")) {
            var pki = ClusterPki.open(data.pki(), time);
            var store = Storage.open(data, Optional.empty(), metrics, time, life);
            var protection = new ProtectionOptions().protection(data.auditLog());
            var settings = new ControlPlane.Settings(0, AccessOptions.DEFAULT, protection);
            var plane = life.own(ControlPlane.start(pki, store, ResourceRegistry.builtIn(), settings, time, metrics));
            AdminAccess.write(pki, data.kubeconfig(), plane.port());
            use(data.kubeconfig());
        }
    }

    /// A server in the foreground ends with its process only.
    private void useAndEnd(Path kubeconfig) throws InterruptedException {
        int status = 1;
        try {
            long begun = time.nanos();
            while (!Files.exists(kubeconfig) && time.nanos() - begun < START_LIMIT.toNanos()) {
                time.sleep(Duration.ofMillis(20));
            }
            use(kubeconfig);
            status = 0;
        } finally {
            System.exit(status);
        }
    }

    private void use(Path kubeconfig) throws InterruptedException {
        try (var client = Clients.https(kubeconfig)) {
            use(client);
        }
        time.sleep(LIFE);
    }

    private static void use(KubernetesClient client) {
        client.configMaps()
                .inNamespace("default")
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withGenerateName("trained-")
                        .endMetadata()
                        .withData(Map.of("key", "value"))
                        .build())
                .create();
        client.secrets()
                .inNamespace("default")
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withGenerateName("trained-")
                        .endMetadata()
                        .withStringData(Map.of("key", "value"))
                        .build())
                .create();
        client.apps()
                .deployments()
                .inNamespace("default")
                .resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withGenerateName("trained-")
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(2)
                        .withNewSelector()
                        .addToMatchLabels("app", "trained")
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .addToLabels("app", "trained")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("c")
                        .withImage("image:1")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
        client.nodes().list();
        client.pods().inAnyNamespace().list();
        client.raw("/readyz");
        client.raw("/apis");
    }
}
