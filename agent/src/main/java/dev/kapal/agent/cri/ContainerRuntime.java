package dev.kapal.agent.cri;

import dev.kapal.agent.cri.v1.AttachRequest;
import dev.kapal.agent.cri.v1.AuthConfig;
import dev.kapal.agent.cri.v1.Container;
import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.cri.v1.ContainerStats;
import dev.kapal.agent.cri.v1.ContainerStatus;
import dev.kapal.agent.cri.v1.ExecRequest;
import dev.kapal.agent.cri.v1.ExecSyncResponse;
import dev.kapal.agent.cri.v1.FilesystemUsage;
import dev.kapal.agent.cri.v1.Image;
import dev.kapal.agent.cri.v1.LinuxContainerResources;
import dev.kapal.agent.cri.v1.PodSandbox;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.agent.cri.v1.PodSandboxStats;
import dev.kapal.agent.cri.v1.PodSandboxStatus;
import dev.kapal.agent.cri.v1.PortForwardRequest;
import dev.kapal.agent.cri.v1.RuntimeStatus;
import dev.kapal.agent.cri.v1.VersionResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Runs containers. A *sandbox* holds the namespaces of one pod; *containers* live in it; *images* are what they start
/// from. A sandbox is run, stopped (its processes end, its address is given back) and removed; a container is created,
/// started, stopped and removed. Stopping and removing what is stopped, removed or unknown succeeds.
///
/// Any thread; every call blocks, has a deadline, and fails with a [CriException]. An interrupt cancels the call.
///
/// Source: CRI v1 (k8s.io/cri-api, runtime/v1).
public interface ContainerRuntime extends AutoCloseable {
    /// Name and version of the runtime; also the cheapest way to ask whether it answers.
    VersionResponse version() throws InterruptedException;

    /// The conditions `RuntimeReady` and `NetworkReady`.
    RuntimeStatus status() throws InterruptedException;

    /// Whether the default handler gives pods users of their own. Source: CRI v1, RuntimeHandlerFeatures.
    boolean hasUserNamespaces() throws InterruptedException;

    /// Creates and starts a sandbox, network included; returns its id when it is ready.
    /// `runtimeHandler` is empty for the default.
    String runPodSandbox(PodSandboxConfig config, String runtimeHandler) throws InterruptedException;

    /// Ends everything that runs in the sandbox, at once, and gives its network back.
    void stopPodSandbox(String sandboxId) throws InterruptedException;

    /// Removes the sandbox and every container in it.
    void removePodSandbox(String sandboxId) throws InterruptedException;

    /// Fails with [CriException.Code#NOT_FOUND] when there is none.
    PodSandboxStatus podSandboxStatus(String sandboxId) throws InterruptedException;

    List<PodSandbox> listPodSandboxes(PodSandboxFilter filter) throws InterruptedException;

    /// Creates a container from an image that is present; returns its id. `sandbox` is what the sandbox was made from.
    String createContainer(String sandboxId, ContainerConfig config, PodSandboxConfig sandbox)
            throws InterruptedException;

    void startContainer(String containerId) throws InterruptedException;

    /// Sends the stop signal, waits for `grace` (whole seconds, zero kills at once), then kills. Returns when it ended.
    void stopContainer(String containerId, Duration grace) throws InterruptedException;

    void removeContainer(String containerId) throws InterruptedException;

    /// Fails with [CriException.Code#NOT_FOUND] when there is none.
    ContainerStatus containerStatus(String containerId) throws InterruptedException;

    List<Container> listContainers(ContainerFilter filter) throws InterruptedException;

    void updateContainerResources(String containerId, LinuxContainerResources resources) throws InterruptedException;

    /// Opens the log file anew, after its rotation.
    void reopenContainerLog(String containerId) throws InterruptedException;

    /// Runs a command to its end. After `timeout` it is killed and the call fails with
    /// [CriException.Code#DEADLINE_EXCEEDED].
    ExecSyncResponse execSync(String containerId, List<String> command, Duration timeout) throws InterruptedException;

    /// The URL where the stream of this command can be had, once.
    String exec(ExecRequest request) throws InterruptedException;

    /// The URL where the main process' streams can be had, once.
    String attach(AttachRequest request) throws InterruptedException;

    /// The URL where connections into the sandbox's network can be had, once.
    String portForward(PortForwardRequest request) throws InterruptedException;

    /// Empty when the node does not have the image; `image` is a reference or an id.
    Optional<Image> imageStatus(String image) throws InterruptedException;

    /// Fetches an image from its registry; returns its id. Minutes may pass.
    String pullImage(String image, Optional<AuthConfig> auth, PodSandboxConfig sandbox) throws InterruptedException;

    List<Image> listImages() throws InterruptedException;

    /// Removes the image under all its names.
    void removeImage(String image) throws InterruptedException;

    /// Use of the file systems that hold images.
    List<FilesystemUsage> imageFilesystems() throws InterruptedException;

    ContainerStats containerStats(String containerId) throws InterruptedException;

    List<ContainerStats> listContainerStats() throws InterruptedException;

    List<PodSandboxStats> listPodSandboxStats() throws InterruptedException;

    @Override
    void close();
}
