package dev.kapal.agent.cri;

import dev.kapal.agent.cri.CriException.Code;
import dev.kapal.agent.cri.v1.AttachRequest;
import dev.kapal.agent.cri.v1.AuthConfig;
import dev.kapal.agent.cri.v1.Container;
import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.cri.v1.ContainerStats;
import dev.kapal.agent.cri.v1.ContainerStatus;
import dev.kapal.agent.cri.v1.ExecRequest;
import dev.kapal.agent.cri.v1.ExecSyncResponse;
import dev.kapal.agent.cri.v1.FilesystemUsage;
import dev.kapal.agent.cri.v1.Image;
import dev.kapal.agent.cri.v1.LinuxContainerResources;
import dev.kapal.agent.cri.v1.NamespaceMode;
import dev.kapal.agent.cri.v1.PodSandbox;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.agent.cri.v1.PodSandboxNetworkStatus;
import dev.kapal.agent.cri.v1.PodSandboxState;
import dev.kapal.agent.cri.v1.PodSandboxStats;
import dev.kapal.agent.cri.v1.PodSandboxStatus;
import dev.kapal.agent.cri.v1.PortForwardRequest;
import dev.kapal.agent.cri.v1.RuntimeCondition;
import dev.kapal.agent.cri.v1.RuntimeStatus;
import dev.kapal.agent.cri.v1.VersionResponse;
import dev.kapal.base.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// A container runtime in memory: containers run until they are told to exit or are stopped. Any thread.
///
/// A test scripts it before: [#addImage], [#exitsOnStart], [#ignoresTerm], [#onExec], [#failNext]; and afterwards looks
/// at what is there through the ordinary list and status calls, or lets a container end with [#exit].
public final class FakeRuntime implements ContainerRuntime {
    private final Time time;
    private final Map<String, Sandbox> sandboxes = new LinkedHashMap<>();
    private final Map<String, Running> containers = new LinkedHashMap<>();
    private final Map<String, Image> images = new TreeMap<>();
    private final Map<String, Deque<CriException>> failures = new HashMap<>();
    private final Map<String, Deque<Integer>> exitsOnStart = new HashMap<>();
    private final Set<String> ignoringTerm = new HashSet<>();
    private final Map<String, CriException> brokenPulls = new HashMap<>();
    private BiFunction<String, List<String>, ExecSyncResponse> exec =
            (container, command) -> ExecSyncResponse.getDefaultInstance();
    private boolean down;
    private boolean userNamespaces;
    private int ids;
    private int pulls;
    private final List<String> pulledAs = new ArrayList<>();

    public FakeRuntime(Time time) {
        this.time = time;
    }

    private record Sandbox(PodSandboxConfig config, PodSandboxStatus status) {}

    private record Running(String sandboxId, ContainerConfig config, ContainerStatus status) {}

    // ---- the script

    /// Makes an image present on the node.
    public synchronized FakeRuntime addImage(String reference) {
        var id = "sha256:" + hex(reference.hashCode());
        images.put(
                reference,
                Image.newBuilder()
                        .setId(id)
                        .addRepoTags(reference)
                        .setSize(1024)
                        .build());
        return this;
    }

    /// The next call of `method` (its name in [ContainerRuntime]) fails.
    public synchronized void failNext(String method, CriException failure) {
        failures.computeIfAbsent(method, m -> new ArrayDeque<>()).add(failure);
    }

    /// Every pull of `image` fails.
    public synchronized void failPulls(String image, CriException failure) {
        brokenPulls.put(image, failure);
    }

    /// From now on `image` can be pulled again.
    public synchronized void healPulls(String image) {
        brokenPulls.remove(image);
    }

    /// As whom images were pulled, in order; the empty name is nobody.
    public synchronized List<String> pulledAs() {
        return List.copyOf(pulledAs);
    }

    public synchronized int pulls() {
        return pulls;
    }

    /// Containers named `container` exit with these codes as soon as they start, one code per start; then they run.
    public synchronized void exitsOnStart(String container, Integer... codes) {
        exitsOnStart.computeIfAbsent(container, c -> new ArrayDeque<>()).addAll(List.of(codes));
    }

    /// Containers named `container` end only when they are killed.
    public synchronized void ignoresTerm(String container) {
        ignoringTerm.add(container);
    }

    /// Answers commands: container name and command to response; a [CriException] thrown here reaches the caller.
    public synchronized void onExec(BiFunction<String, List<String>, ExecSyncResponse> handler) {
        exec = handler;
    }

    /// While down, every call is refused; what runs goes on.
    public synchronized void down(boolean isDown) {
        down = isDown;
    }

    /// Ends a running container from the inside.
    public synchronized void exit(String containerId, int code) {
        end(containerId, code, code == 0 ? "Completed" : "Error");
    }

    /// Ends a running container as the kernel does when its memory limit is hit.
    public synchronized void oomKill(String containerId) {
        end(containerId, 137, "OOMKilled");
    }

    /// The id of the newest container of that name that is not removed.
    public synchronized Optional<String> find(String container) {
        return containers.values().stream()
                .filter(one -> one.config.getMetadata().getName().equals(container))
                .map(one -> one.status.getId())
                .reduce((older, newer) -> newer);
    }

    /// What the container was created from.
    public synchronized ContainerConfig config(String containerId) {
        return container(containerId).config;
    }

    /// What the sandbox was run from.
    public synchronized PodSandboxConfig sandboxConfig(String sandboxId) {
        return sandbox(sandboxId).config;
    }

    // ---- the runtime

    @Override
    public synchronized VersionResponse version() {
        enter("version");
        return VersionResponse.newBuilder()
                .setVersion("0.1.0")
                .setRuntimeName("fake")
                .setRuntimeVersion("1.0.0")
                .setRuntimeApiVersion("v1")
                .build();
    }

    @Override
    public synchronized RuntimeStatus status() {
        enter("status");
        return RuntimeStatus.newBuilder()
                .addConditions(
                        RuntimeCondition.newBuilder().setType("RuntimeReady").setStatus(true))
                .addConditions(
                        RuntimeCondition.newBuilder().setType("NetworkReady").setStatus(true))
                .build();
    }

    /// From now on pods may have users of their own.
    public synchronized void supportUserNamespaces() {
        userNamespaces = true;
    }

    @Override
    public synchronized boolean hasUserNamespaces() {
        enter("status");
        return userNamespaces;
    }

    @Override
    public synchronized String runPodSandbox(PodSandboxConfig config, String runtimeHandler) {
        enter("runPodSandbox");
        var id = hex(++ids);
        var isHost =
                config.getLinux().getSecurityContext().getNamespaceOptions().getNetwork() == NamespaceMode.NODE;
        var network = PodSandboxNetworkStatus.newBuilder().setIp(isHost ? "" : "10.244.0." + (ids % 250 + 2));
        var status = PodSandboxStatus.newBuilder()
                .setId(id)
                .setMetadata(config.getMetadata())
                .setState(PodSandboxState.SANDBOX_READY)
                .setCreatedAt(nanos())
                .setNetwork(network)
                .putAllLabels(config.getLabelsMap())
                .putAllAnnotations(config.getAnnotationsMap())
                .setRuntimeHandler(runtimeHandler);
        sandboxes.put(id, new Sandbox(config, status.build()));
        return id;
    }

    @Override
    public synchronized void stopPodSandbox(String sandboxId) {
        enter("stopPodSandbox");
        sandboxes.computeIfPresent(sandboxId, (id, sandbox) -> {
            var status = sandbox.status.toBuilder().setState(PodSandboxState.SANDBOX_NOTREADY);
            return new Sandbox(sandbox.config, status.build());
        });
        inSandbox(sandboxId).forEach(id -> end(id, 137, "Error"));
    }

    @Override
    public synchronized void removePodSandbox(String sandboxId) {
        enter("removePodSandbox");
        containers.keySet().removeAll(inSandbox(sandboxId));
        sandboxes.remove(sandboxId);
    }

    @Override
    public synchronized PodSandboxStatus podSandboxStatus(String sandboxId) {
        enter("podSandboxStatus");
        return sandbox(sandboxId).status;
    }

    @Override
    public synchronized List<PodSandbox> listPodSandboxes(PodSandboxFilter filter) {
        enter("listPodSandboxes");
        return sandboxes.values().stream()
                .map(Sandbox::status)
                .filter(one -> filter.getId().isEmpty() || filter.getId().equals(one.getId()))
                .filter(one -> !filter.hasState() || filter.getState().getState() == one.getState())
                .filter(one -> one.getLabelsMap()
                        .entrySet()
                        .containsAll(filter.getLabelSelectorMap().entrySet()))
                .map(one -> PodSandbox.newBuilder()
                        .setId(one.getId())
                        .setMetadata(one.getMetadata())
                        .setState(one.getState())
                        .setCreatedAt(one.getCreatedAt())
                        .putAllLabels(one.getLabelsMap())
                        .putAllAnnotations(one.getAnnotationsMap())
                        .build())
                .toList();
    }

    @Override
    public synchronized String createContainer(String sandboxId, ContainerConfig config, PodSandboxConfig sandbox) {
        enter("createContainer");
        sandbox(sandboxId);
        var image = findImage(config.getImage().getImage())
                .orElseThrow(() -> notFound("image", config.getImage().getImage()));
        var id = hex(++ids);
        var status = ContainerStatus.newBuilder()
                .setId(id)
                .setMetadata(config.getMetadata())
                .setState(ContainerState.CONTAINER_CREATED)
                .setCreatedAt(nanos())
                .setImage(config.getImage())
                .setImageRef(image.getId())
                .putAllLabels(config.getLabelsMap())
                .putAllAnnotations(config.getAnnotationsMap())
                .addAllMounts(config.getMountsList())
                .setLogPath(sandbox.getLogDirectory() + "/" + config.getLogPath());
        containers.put(id, new Running(sandboxId, config, status.build()));
        return id;
    }

    @Override
    public synchronized void startContainer(String containerId) {
        enter("startContainer");
        var container = container(containerId);
        var status = container.status.toBuilder()
                .setState(ContainerState.CONTAINER_RUNNING)
                .setStartedAt(nanos());
        containers.put(containerId, new Running(container.sandboxId, container.config, status.build()));
        var codes = exitsOnStart.get(container.config.getMetadata().getName());
        if (codes != null && !codes.isEmpty()) {
            exit(containerId, codes.poll());
        }
    }

    @Override
    public void stopContainer(String containerId, Duration grace) throws InterruptedException {
        boolean isDeaf;
        synchronized (this) {
            enter("stopContainer");
            var container = containers.get(containerId);
            isDeaf = container != null
                    && ignoringTerm.contains(container.config.getMetadata().getName());
        }
        if (isDeaf) {
            time.sleep(grace);
        }
        synchronized (this) {
            end(containerId, isDeaf || grace.isZero() ? 137 : 143, "Error");
        }
    }

    @Override
    public synchronized void removeContainer(String containerId) {
        enter("removeContainer");
        containers.remove(containerId);
    }

    @Override
    public synchronized ContainerStatus containerStatus(String containerId) {
        enter("containerStatus");
        return container(containerId).status;
    }

    @Override
    public synchronized List<Container> listContainers(ContainerFilter filter) {
        enter("listContainers");
        return containers.values().stream()
                .filter(one -> filter.getId().isEmpty() || filter.getId().equals(one.status.getId()))
                .filter(one -> filter.getPodSandboxId().isEmpty()
                        || filter.getPodSandboxId().equals(one.sandboxId))
                .filter(one -> !filter.hasState() || filter.getState().getState() == one.status.getState())
                .filter(one -> one.status
                        .getLabelsMap()
                        .entrySet()
                        .containsAll(filter.getLabelSelectorMap().entrySet()))
                .map(one -> Container.newBuilder()
                        .setId(one.status.getId())
                        .setPodSandboxId(one.sandboxId)
                        .setMetadata(one.status.getMetadata())
                        .setImage(one.status.getImage())
                        .setImageRef(one.status.getImageRef())
                        .setState(one.status.getState())
                        .setCreatedAt(one.status.getCreatedAt())
                        .putAllLabels(one.status.getLabelsMap())
                        .putAllAnnotations(one.status.getAnnotationsMap())
                        .build())
                .toList();
    }

    @Override
    public synchronized void updateContainerResources(String containerId, LinuxContainerResources resources) {
        enter("updateContainerResources");
        container(containerId);
    }

    @Override
    public synchronized void reopenContainerLog(String containerId) {
        enter("reopenContainerLog");
        container(containerId);
    }

    @Override
    public ExecSyncResponse execSync(String containerId, List<String> command, Duration timeout) {
        BiFunction<String, List<String>, ExecSyncResponse> handler;
        String name;
        synchronized (this) {
            enter("execSync");
            var container = container(containerId);
            if (container.status.getState() != ContainerState.CONTAINER_RUNNING) {
                throw new CriException(Code.UNKNOWN, "container is in " + container.status.getState() + " state");
            }
            handler = exec;
            name = container.config.getMetadata().getName();
        }
        return handler.apply(name, command);
    }

    @Override
    public synchronized String exec(ExecRequest request) {
        enter("exec");
        container(request.getContainerId());
        return "http://127.0.0.1:1/exec/" + ++ids;
    }

    @Override
    public synchronized String attach(AttachRequest request) {
        enter("attach");
        container(request.getContainerId());
        return "http://127.0.0.1:1/attach/" + ++ids;
    }

    @Override
    public synchronized String portForward(PortForwardRequest request) {
        enter("portForward");
        sandbox(request.getPodSandboxId());
        return "http://127.0.0.1:1/portforward/" + ++ids;
    }

    @Override
    public synchronized Optional<Image> imageStatus(String image) {
        enter("imageStatus");
        return findImage(image);
    }

    @Override
    public synchronized String pullImage(String image, Optional<AuthConfig> auth, PodSandboxConfig sandbox) {
        pulls++;
        pulledAs.add(auth.map(AuthConfig::getUsername).orElse(""));
        enter("pullImage");
        var broken = brokenPulls.get(image);
        if (broken != null) {
            throw new CriException(broken.code(), broken.description());
        }
        addImage(image);
        return images.get(image).getId();
    }

    @Override
    public synchronized List<Image> listImages() {
        enter("listImages");
        return List.copyOf(images.values());
    }

    @Override
    public synchronized void removeImage(String image) {
        enter("removeImage");
        findImage(image).ifPresent(images.values()::remove);
    }

    @Override
    public synchronized List<FilesystemUsage> imageFilesystems() {
        enter("imageFilesystems");
        return List.of();
    }

    @Override
    public synchronized ContainerStats containerStats(String containerId) {
        enter("containerStats");
        container(containerId);
        return ContainerStats.getDefaultInstance();
    }

    @Override
    public synchronized List<ContainerStats> listContainerStats() {
        enter("listContainerStats");
        return List.of();
    }

    @Override
    public synchronized List<PodSandboxStats> listPodSandboxStats() {
        enter("listPodSandboxStats");
        return List.of();
    }

    @Override
    public void close() {}

    private void enter(String method) {
        if (down) {
            throw new CriException(Code.UNAVAILABLE, "connection error: desc = \"transport: fake runtime is down\"");
        }
        var scripted = failures.get(method);
        if (scripted != null && !scripted.isEmpty()) {
            throw scripted.poll();
        }
    }

    private Optional<Image> findImage(String image) {
        return images.values().stream()
                .filter(one ->
                        one.getId().equals(image) || one.getRepoTagsList().contains(image))
                .findFirst();
    }

    private List<String> inSandbox(String sandboxId) {
        return containers.values().stream()
                .filter(one -> one.sandboxId.equals(sandboxId))
                .map(one -> one.status.getId())
                .toList();
    }

    private void end(String containerId, int code, String reason) {
        containers.computeIfPresent(containerId, (id, container) -> {
            if (container.status.getState() == ContainerState.CONTAINER_EXITED) {
                return container;
            }
            var status = container.status.toBuilder()
                    .setState(ContainerState.CONTAINER_EXITED)
                    .setExitCode(code)
                    .setReason(reason)
                    .setFinishedAt(nanos());
            return new Running(container.sandboxId, container.config, status.build());
        });
    }

    private Sandbox sandbox(String id) {
        return Optional.ofNullable(sandboxes.get(id)).orElseThrow(() -> notFound("sandbox", id));
    }

    private Running container(String id) {
        return Optional.ofNullable(containers.get(id)).orElseThrow(() -> notFound("container", id));
    }

    private static CriException notFound(String what, String id) {
        return new CriException(
                Code.NOT_FOUND, "an error occurred when try to find " + what + " \"" + id + "\": not found");
    }

    private long nanos() {
        var now = time.instant();
        return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
    }

    private static String hex(long number) {
        return String.format("%064x", number);
    }
}
