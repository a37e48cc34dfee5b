package dev.kapal.dist;

import dev.kapal.apiserver.AccessOptions;
import dev.kapal.apiserver.encryption.EncryptionFile;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.LogFormat;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Clients;
import dev.kapal.pki.ClusterPki;
import dev.kapal.store.Compactor;
import dev.kapal.store.EmbeddedStore;
import dev.kapal.store.StoreMetrics;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;

/// `kapal train`: a short life of the control plane, for the JVM to record as its AOT cache (JEP 514). Run by the
/// launcher after
/// a build; what it does here starts fast later.
@Command(name = "train", hidden = true, description = "Records the AOT cache; run by the launcher.")
final class Train implements Callable<Integer> {
    private static final Duration LIFE = Duration.ofSeconds(2);

    @Override
    public Integer call() throws IOException, InterruptedException {
        LogFormat.install(Level.INFO);
        Path directory = Files.createTempDirectory("kapal-train");
        var time = Time.system();
        // Twice: the second start finds its certificates and its store, as most starts do.
        for (int i = 0; i < 2; i++) {
            var pki = ClusterPki.open(directory.resolve("pki"), time);
            var metrics = new Metrics();
            var protection = new ProtectionOptions().protection(directory.resolve("audit.log"));
            var keys = EncryptionFile.openOrCreate(directory.resolve("encryption.json"));
            try (var raw = StoreMetrics.around(EmbeddedStore.open(directory.resolve("store")), metrics, time);
                    var life = new Life("train");
                    var plane = ControlPlane.start(
                            pki,
                            keys.around(raw, time, life),
                            new ControlPlane.Settings(0, AccessOptions.DEFAULT, protection),
                            time,
                            metrics)) {
                Compactor.start(raw, time, Compactor.INTERVAL, life);
                Path kubeconfig = directory.resolve("kubeconfig");
                AdminAccess.write(pki, kubeconfig, plane.port());
                try (var client = Clients.https(kubeconfig)) {
                    use(client, i);
                }
                time.sleep(LIFE);
            }
        }
        return 0;
    }

    private static void use(KubernetesClient client, int round) {
        client.configMaps()
                .inNamespace("default")
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("trained-" + round)
                        .endMetadata()
                        .withData(Map.of("key", "value"))
                        .build())
                .create();
        client.secrets()
                .inNamespace("default")
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("trained-" + round)
                        .endMetadata()
                        .withStringData(Map.of("key", "value"))
                        .build())
                .create();
        client.apps()
                .deployments()
                .inNamespace("default")
                .resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withName("trained-" + round)
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
