package dev.kapal.agent.containerd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.GrpcContainerRuntime;
import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.ContainerMetadata;
import dev.kapal.agent.cri.v1.ImageSpec;
import dev.kapal.agent.cri.v1.LinuxPodSandboxConfig;
import dev.kapal.agent.cri.v1.LinuxSandboxSecurityContext;
import dev.kapal.agent.cri.v1.NamespaceMode;
import dev.kapal.agent.cri.v1.NamespaceOption;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.cri.v1.PodSandboxMetadata;
import dev.kapal.agent.image.BusyboxImage;
import dev.kapal.agent.image.ImageImport;
import dev.kapal.agent.image.PauseImage;
import dev.kapal.base.time.Time;
import dev.kapal.linux.Cgroups;
import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A real containerd with busybox in directories and a bridge of its own, and what it takes to run a pod by hand.
public final class TestNode implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Path directory;
    private final ContainerdConfig config;
    private final String bridge;
    private final String cgroup;
    private Containerd containerd;
    private ContainerRuntime runtime;

    private TestNode(Path directory) {
        var own = Long.toString(ProcessHandle.current().pid(), 36) + "-" + COUNT.incrementAndGet();
        this.directory = directory;
        this.bridge = "kt" + own;
        this.cgroup = "/kapal-test-" + own;
        this.config =
                ContainerdConfig.under(directory.resolve("data"), directory.resolve("state"), PauseImage.REFERENCE);
    }

    /// Skips the test, with the reason, where containers cannot run.
    public static TestNode start(Path directory) throws Exception {
        var node = new TestNode(directory);
        var obstacle = System.getProperty("user.name").equals("root")
                ? Binaries.ofThisMachine(node.config.cniBin()).missing()
                : Optional.of("containers need root");
        // The build's summary counts skipped tests but does not say why.
        obstacle.ifPresent(why -> System.out.println("tests with containers are skipped: " + why));
        assumeTrue(obstacle.isEmpty(), obstacle.orElse(""));
        node.writeNetwork();
        node.startContainerd();
        var images = node.images();
        PauseImage.writeTo(directory.resolve("pause.tar"));
        images.load(directory.resolve("pause.tar"));
        BusyboxImage.writeTo(directory.resolve("busybox.tar"), directory.resolve("cache"));
        images.load(directory.resolve("busybox.tar"));
        return node;
    }

    public void startContainerd() throws Exception {
        containerd = Containerd.start(config, Time.system());
        runtime = GrpcContainerRuntime.at(containerd.socket());
    }

    /// As when the agent ends: containerd and its containers go on.
    public void detach() {
        runtime.close();
        containerd.close();
    }

    public ContainerRuntime runtime() {
        return runtime;
    }

    public Containerd containerd() {
        return containerd;
    }

    public ContainerdConfig config() {
        return config;
    }

    public ImageImport images() {
        return new ImageImport(config.socket(), containerd.snapshotter().word(), runtime, Time.system());
    }

    public PodSandboxConfig pod(String name, NamespaceMode network) {
        var namespaces = NamespaceOption.newBuilder().setNetwork(network).setPid(NamespaceMode.CONTAINER);
        return PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder()
                        .setName(name)
                        .setNamespace("default")
                        .setUid("uid-" + name))
                // Without a network namespace there is no host name of its own either.
                .setHostname(network == NamespaceMode.NODE ? "" : name)
                .setLogDirectory(directory.resolve("logs").resolve(name).toString())
                .setLinux(LinuxPodSandboxConfig.newBuilder()
                        .setCgroupParent(cgroup)
                        .setSecurityContext(
                                LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(namespaces)))
                .build();
    }

    public ContainerConfig container(String name, String script) {
        return ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(name))
                .setImage(ImageSpec.newBuilder().setImage(BusyboxImage.REFERENCE))
                .addAllCommand(List.of("sh", "-c", script))
                .setLogPath(name + "/0.log")
                .build();
    }

    /// Runs a container in a new pod; returns its id.
    public String run(PodSandboxConfig pod, ContainerConfig container) throws InterruptedException {
        var sandbox = runtime.runPodSandbox(pod, "");
        var id = runtime.createContainer(sandbox, container, pod);
        runtime.startContainer(id);
        return id;
    }

    @Override
    public void close() throws Exception {
        detach();
        Containerd.tearDown(config, Time.system());
        Commands.system().run(Command.of("ip", "link", "delete", bridge));
        Cgroups.detect().removeTree(cgroup);
    }

    private void writeNetwork() throws Exception {
        Files.createDirectories(config.cniConf());
        Files.writeString(config.cniConf().resolve("10-test.conflist"), """
                {"cniVersion": "0.4.0", "name": "%1$s", "plugins": [
                  {"type": "bridge", "bridge": "%1$s", "isGateway": true, "ipMasq": false,
                   "ipam": {"type": "host-local", "dataDir": "%2$s/ipam",
                            "ranges": [[{"subnet": "10.199.%3$d.0/24"}]]}}]}
                """.formatted(bridge, directory, COUNT.get()));
    }
}
