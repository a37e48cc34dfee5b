package dev.kapal.agent.cri;

import static io.grpc.stub.ClientCalls.blockingUnaryCall;

import com.google.protobuf.MessageLite;
import dev.kapal.agent.cri.v1.AttachRequest;
import dev.kapal.agent.cri.v1.AuthConfig;
import dev.kapal.agent.cri.v1.Container;
import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.cri.v1.ContainerStats;
import dev.kapal.agent.cri.v1.ContainerStatsRequest;
import dev.kapal.agent.cri.v1.ContainerStatus;
import dev.kapal.agent.cri.v1.ContainerStatusRequest;
import dev.kapal.agent.cri.v1.CreateContainerRequest;
import dev.kapal.agent.cri.v1.ExecRequest;
import dev.kapal.agent.cri.v1.ExecSyncRequest;
import dev.kapal.agent.cri.v1.ExecSyncResponse;
import dev.kapal.agent.cri.v1.FilesystemUsage;
import dev.kapal.agent.cri.v1.Image;
import dev.kapal.agent.cri.v1.ImageFsInfoRequest;
import dev.kapal.agent.cri.v1.ImageServiceGrpc;
import dev.kapal.agent.cri.v1.ImageSpec;
import dev.kapal.agent.cri.v1.ImageStatusRequest;
import dev.kapal.agent.cri.v1.LinuxContainerResources;
import dev.kapal.agent.cri.v1.ListContainerStatsRequest;
import dev.kapal.agent.cri.v1.ListContainersRequest;
import dev.kapal.agent.cri.v1.ListImagesRequest;
import dev.kapal.agent.cri.v1.ListPodSandboxRequest;
import dev.kapal.agent.cri.v1.ListPodSandboxStatsRequest;
import dev.kapal.agent.cri.v1.PodSandbox;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.agent.cri.v1.PodSandboxStats;
import dev.kapal.agent.cri.v1.PodSandboxStatus;
import dev.kapal.agent.cri.v1.PodSandboxStatusRequest;
import dev.kapal.agent.cri.v1.PortForwardRequest;
import dev.kapal.agent.cri.v1.PullImageRequest;
import dev.kapal.agent.cri.v1.RemoveContainerRequest;
import dev.kapal.agent.cri.v1.RemoveImageRequest;
import dev.kapal.agent.cri.v1.RemovePodSandboxRequest;
import dev.kapal.agent.cri.v1.ReopenContainerLogRequest;
import dev.kapal.agent.cri.v1.RunPodSandboxRequest;
import dev.kapal.agent.cri.v1.RuntimeServiceGrpc;
import dev.kapal.agent.cri.v1.RuntimeStatus;
import dev.kapal.agent.cri.v1.StartContainerRequest;
import dev.kapal.agent.cri.v1.StatusRequest;
import dev.kapal.agent.cri.v1.StopContainerRequest;
import dev.kapal.agent.cri.v1.StopPodSandboxRequest;
import dev.kapal.agent.cri.v1.UpdateContainerResourcesRequest;
import dev.kapal.agent.cri.v1.VersionRequest;
import dev.kapal.agent.cri.v1.VersionResponse;
import dev.kapal.model.codec.Documents;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A container runtime behind a unix socket. Any thread; calls may run side by side on the one connection, which is
/// made
/// when it is first needed and again whenever it broke.
public final class GrpcContainerRuntime implements ContainerRuntime {
    /// What a runtime answers from memory.
    private static final Duration QUICK = Duration.ofSeconds(10);
    /// What starts or ends processes; upstream's runtime request timeout.
    private static final Duration SLOW = Duration.ofMinutes(2);
    /// Longer than any pull that still moves: the runtime itself gives up on one that does not.
    private static final Duration PULL = Duration.ofMinutes(30);

    private final CriChannel transport;
    private final ManagedChannel channel;

    private GrpcContainerRuntime(CriChannel transport) {
        this.transport = transport;
        this.channel = transport.channel();
    }

    /// Does not connect yet: the first call does.
    public static GrpcContainerRuntime at(Path socket) {
        return new GrpcContainerRuntime(CriChannel.to(socket));
    }

    @Override
    public VersionResponse version() throws InterruptedException {
        return call(RuntimeServiceGrpc.getVersionMethod(), VersionRequest.getDefaultInstance(), QUICK);
    }

    @Override
    public RuntimeStatus status() throws InterruptedException {
        return call(RuntimeServiceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance(), QUICK)
                .getStatus();
    }

    /// A runtime that names no handlers is older than this.
    @Override
    public boolean hasUserNamespaces() throws InterruptedException {
        return call(RuntimeServiceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance(), QUICK)
                .getRuntimeHandlersList()
                .stream()
                .anyMatch(handler ->
                        handler.getName().isEmpty() && handler.getFeatures().getUserNamespaces());
    }

    /// How a containerd lays image layers over each other; empty when the runtime is another one, or does not say.
    /// Source: containerd puts its CRI configuration into the verbose status.
    public Optional<String> snapshotter() throws InterruptedException {
        var verbose = StatusRequest.newBuilder().setVerbose(true).build();
        var config = call(RuntimeServiceGrpc.getStatusMethod(), verbose, QUICK)
                .getInfoMap()
                .getOrDefault("config", "{}");
        return Optional.of(Documents.read(config.getBytes(StandardCharsets.UTF_8))
                        .path("containerd")
                        .path("snapshotter")
                        .asText())
                .filter(word -> !word.isEmpty());
    }

    @Override
    public String runPodSandbox(PodSandboxConfig config, String runtimeHandler) throws InterruptedException {
        var request = RunPodSandboxRequest.newBuilder().setConfig(config).setRuntimeHandler(runtimeHandler);
        return call(RuntimeServiceGrpc.getRunPodSandboxMethod(), request.build(), SLOW)
                .getPodSandboxId();
    }

    @Override
    public void stopPodSandbox(String sandboxId) throws InterruptedException {
        var request = StopPodSandboxRequest.newBuilder().setPodSandboxId(sandboxId);
        callUnlessGone(RuntimeServiceGrpc.getStopPodSandboxMethod(), request.build(), SLOW);
    }

    @Override
    public void removePodSandbox(String sandboxId) throws InterruptedException {
        var request = RemovePodSandboxRequest.newBuilder().setPodSandboxId(sandboxId);
        callUnlessGone(RuntimeServiceGrpc.getRemovePodSandboxMethod(), request.build(), SLOW);
    }

    @Override
    public PodSandboxStatus podSandboxStatus(String sandboxId) throws InterruptedException {
        var request = PodSandboxStatusRequest.newBuilder().setPodSandboxId(sandboxId);
        return call(RuntimeServiceGrpc.getPodSandboxStatusMethod(), request.build(), QUICK)
                .getStatus();
    }

    @Override
    public List<PodSandbox> listPodSandboxes(PodSandboxFilter filter) throws InterruptedException {
        var request = ListPodSandboxRequest.newBuilder().setFilter(filter);
        return call(RuntimeServiceGrpc.getListPodSandboxMethod(), request.build(), QUICK)
                .getItemsList();
    }

    @Override
    public String createContainer(String sandboxId, ContainerConfig config, PodSandboxConfig sandbox)
            throws InterruptedException {
        var request = CreateContainerRequest.newBuilder()
                .setPodSandboxId(sandboxId)
                .setConfig(config)
                .setSandboxConfig(sandbox);
        return call(RuntimeServiceGrpc.getCreateContainerMethod(), request.build(), SLOW)
                .getContainerId();
    }

    @Override
    public void startContainer(String containerId) throws InterruptedException {
        var request = StartContainerRequest.newBuilder().setContainerId(containerId);
        call(RuntimeServiceGrpc.getStartContainerMethod(), request.build(), SLOW);
    }

    @Override
    public void stopContainer(String containerId, Duration grace) throws InterruptedException {
        var request = StopContainerRequest.newBuilder()
                .setContainerId(containerId)
                .setTimeout(Math.max(0, grace.toSeconds()));
        callUnlessGone(RuntimeServiceGrpc.getStopContainerMethod(), request.build(), SLOW.plus(grace));
    }

    @Override
    public void removeContainer(String containerId) throws InterruptedException {
        var request = RemoveContainerRequest.newBuilder().setContainerId(containerId);
        callUnlessGone(RuntimeServiceGrpc.getRemoveContainerMethod(), request.build(), SLOW);
    }

    @Override
    public ContainerStatus containerStatus(String containerId) throws InterruptedException {
        var request = ContainerStatusRequest.newBuilder().setContainerId(containerId);
        return call(RuntimeServiceGrpc.getContainerStatusMethod(), request.build(), QUICK)
                .getStatus();
    }

    @Override
    public List<Container> listContainers(ContainerFilter filter) throws InterruptedException {
        var request = ListContainersRequest.newBuilder().setFilter(filter);
        return call(RuntimeServiceGrpc.getListContainersMethod(), request.build(), QUICK)
                .getContainersList();
    }

    @Override
    public void updateContainerResources(String containerId, LinuxContainerResources resources)
            throws InterruptedException {
        var request = UpdateContainerResourcesRequest.newBuilder()
                .setContainerId(containerId)
                .setLinux(resources);
        call(RuntimeServiceGrpc.getUpdateContainerResourcesMethod(), request.build(), SLOW);
    }

    @Override
    public void reopenContainerLog(String containerId) throws InterruptedException {
        var request = ReopenContainerLogRequest.newBuilder().setContainerId(containerId);
        call(RuntimeServiceGrpc.getReopenContainerLogMethod(), request.build(), QUICK);
    }

    @Override
    public ExecSyncResponse execSync(String containerId, List<String> command, Duration timeout)
            throws InterruptedException {
        var request = ExecSyncRequest.newBuilder()
                .setContainerId(containerId)
                .addAllCmd(command)
                .setTimeout(timeout.toSeconds());
        // The runtime's own timeout must strike first: it kills the command, ours would only stop listening.
        return call(RuntimeServiceGrpc.getExecSyncMethod(), request.build(), timeout.plus(SLOW));
    }

    @Override
    public String exec(ExecRequest request) throws InterruptedException {
        return call(RuntimeServiceGrpc.getExecMethod(), request, QUICK).getUrl();
    }

    @Override
    public String attach(AttachRequest request) throws InterruptedException {
        return call(RuntimeServiceGrpc.getAttachMethod(), request, QUICK).getUrl();
    }

    @Override
    public String portForward(PortForwardRequest request) throws InterruptedException {
        return call(RuntimeServiceGrpc.getPortForwardMethod(), request, QUICK).getUrl();
    }

    @Override
    public Optional<Image> imageStatus(String image) throws InterruptedException {
        var request = ImageStatusRequest.newBuilder().setImage(spec(image));
        var response = call(ImageServiceGrpc.getImageStatusMethod(), request.build(), QUICK);
        return response.hasImage() ? Optional.of(response.getImage()) : Optional.empty();
    }

    @Override
    public String pullImage(String image, Optional<AuthConfig> auth, PodSandboxConfig sandbox)
            throws InterruptedException {
        var request = PullImageRequest.newBuilder().setImage(spec(image)).setSandboxConfig(sandbox);
        auth.ifPresent(request::setAuth);
        return call(ImageServiceGrpc.getPullImageMethod(), request.build(), PULL)
                .getImageRef();
    }

    @Override
    public List<Image> listImages() throws InterruptedException {
        return call(ImageServiceGrpc.getListImagesMethod(), ListImagesRequest.getDefaultInstance(), QUICK)
                .getImagesList();
    }

    @Override
    public void removeImage(String image) throws InterruptedException {
        var request = RemoveImageRequest.newBuilder().setImage(spec(image));
        callUnlessGone(ImageServiceGrpc.getRemoveImageMethod(), request.build(), SLOW);
    }

    @Override
    public List<FilesystemUsage> imageFilesystems() throws InterruptedException {
        return call(ImageServiceGrpc.getImageFsInfoMethod(), ImageFsInfoRequest.getDefaultInstance(), QUICK)
                .getImageFilesystemsList();
    }

    @Override
    public ContainerStats containerStats(String containerId) throws InterruptedException {
        var request = ContainerStatsRequest.newBuilder().setContainerId(containerId);
        return call(RuntimeServiceGrpc.getContainerStatsMethod(), request.build(), QUICK)
                .getStats();
    }

    @Override
    public List<ContainerStats> listContainerStats() throws InterruptedException {
        var request = ListContainerStatsRequest.getDefaultInstance();
        return call(RuntimeServiceGrpc.getListContainerStatsMethod(), request, QUICK)
                .getStatsList();
    }

    @Override
    public List<PodSandboxStats> listPodSandboxStats() throws InterruptedException {
        var request = ListPodSandboxStatsRequest.getDefaultInstance();
        return call(RuntimeServiceGrpc.getListPodSandboxStatsMethod(), request, QUICK)
                .getStatsList();
    }

    @Override
    public void close() {
        transport.close();
    }

    private static ImageSpec spec(String image) {
        return ImageSpec.newBuilder().setImage(image).build();
    }

    /// Not all versions of all runtimes treat what is gone as stopped and removed.
    private <Q extends MessageLite, A extends MessageLite> void callUnlessGone(
            MethodDescriptor<Q, A> method, Q request, Duration deadline) throws InterruptedException {
        try {
            call(method, request, deadline);
        } catch (CriException failure) {
            if (!failure.isNotFound()) {
                throw failure;
            }
        }
    }

    private <Q extends MessageLite, A extends MessageLite> A call(
            MethodDescriptor<Q, A> method, Q request, Duration deadline) throws InterruptedException {
        var options = CallOptions.DEFAULT.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return blockingUnaryCall(channel, method, options, request);
        } catch (StatusRuntimeException failure) {
            // gRPC cancels the call when its thread is interrupted, and leaves the mark set.
            if (Thread.interrupted()) {
                throw new InterruptedException(method.getFullMethodName() + " was interrupted");
            }
            if (failure.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                // The next call shall try the socket at once: a runtime that was started again answers in a moment.
                channel.resetConnectBackoff();
            }
            throw CriException.of(failure);
        }
    }
}
