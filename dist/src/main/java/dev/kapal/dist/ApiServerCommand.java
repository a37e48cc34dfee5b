package dev.kapal.dist;

import dev.kapal.apiserver.AdvertiseAddress;
import dev.kapal.apiserver.ApiServer;
import dev.kapal.apiserver.ApiServerConfig;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.cli.ClusterOptions;
import dev.kapal.cli.DataDirectory;
import dev.kapal.client.KubeconfigFile;
import dev.kapal.pki.ClusterPki;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `kapal apiserver`: the API server alone, in the foreground.
@Command(
        name = "apiserver",
        description = "Runs the API server alone; it writes the kubeconfig files that the other parts start with.")
final class ApiServerCommand implements Callable<Integer>, SeldomOptions {
    private final ProtectionOptions protectionOptions = new ProtectionOptions();
    private final AccessFlags access = new AccessFlags();
    private final AdmissionFlags admission = new AdmissionFlags();
    private final ResourceFlags resources = new ResourceFlags();

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--port",
            defaultValue = "6443",
            paramLabel = "P",
            description = "the port to listen on (${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--advertise-address",
            paramLabel = "IP",
            description = "where others reach this server (the address of the default route)")
    private String advertiseAddress;

    @Option(
            names = "--encryption-provider-config",
            paramLabel = "FILE",
            description = "which resources are stored encrypted, and with which keys (secrets, with a generated key)")
    private Path encryptionConfig;

    @Option(names = "--verbose", description = "logs at debug level")
    private boolean verbose;

    @Override
    public List<Object> seldomOptions() {
        return List.of(protectionOptions, access, admission, resources);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return Foreground.run("apiserver-process", verbose, this::start);
    }

    private void start(Life life) throws IOException, InterruptedException {
        var data = cluster.data().create();
        var protection = protectionOptions.protection(data.auditLog());
        var choice = admission.choice();
        var serving = resources.serving();
        var time = Time.system();
        var metrics = new Metrics();
        var registry = Beside.start(life, "resources", resources::registry);
        var keys = Beside.start(life, "pki", () -> ClusterPki.open(data.pki(), time));
        var store = Storage.open(data, Optional.ofNullable(encryptionConfig), metrics, time, life);
        String address = advertiseAddress == null ? AdvertiseAddress.find("127.0.0.1") : advertiseAddress;
        var pki = keys.result();
        var server =
                life.own(ApiServer.start(ApiServerConfig.of(pki, port, address, registry.result(), store, time, metrics)
                        .withAccess(access.options())
                        .with(protection)
                        .with(serving)
                        .with(choice)));
        pki.keepComponents();
        writeComponents(data, pki, server.port());
        AdminAccess.keep(pki, data.kubeconfig(), server.port(), time, life);
    }

    /// Their certificates are files of their own, which are renewed; so these need not be written again.
    private static void writeComponents(DataDirectory data, ClusterPki pki, int port) throws IOException {
        for (var component : Component.values()) {
            new KubeconfigFile(
                            "kapal",
                            component.user(),
                            "https://127.0.0.1:" + port,
                            pki.authority().certificatePem())
                    .writeReferring(component.kubeconfig(data), data.pki(), component.word());
        }
    }
}
