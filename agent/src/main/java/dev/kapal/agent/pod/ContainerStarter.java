package dev.kapal.agent.pod;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.Mount;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.env.Environment;
import dev.kapal.agent.env.MissingConfigException;
import dev.kapal.agent.env.PodAddresses;
import dev.kapal.agent.env.ServiceVariables;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Starts one container of a pod whose sandbox and volumes are there: image, configuration, create, start, postStart.
/// Any thread; blocks. What goes wrong is told to the pod's events and thrown with the waiting reason.
final class ContainerStarter {
    private static final String NO_HOOK_MESSAGE = "PostStartHook failed";

    private final ContainerRuntime runtime;
    private final PodImages images;
    private final Environment environment;
    private final NodeServices services;
    private final ContainerConfigs configs;
    private final Hooks hooks;
    private final PodEvents events;
    private final PodDirs dirs;
    private final UserNamespaces users;

    ContainerStarter(
            ContainerRuntime runtime,
            PodImages images,
            Environment environment,
            NodeServices services,
            ContainerConfigs configs,
            Hooks hooks,
            PodEvents events,
            PodDirs dirs) {
        this.runtime = runtime;
        this.images = images;
        this.environment = environment;
        this.services = services;
        this.configs = configs;
        this.hooks = hooks;
        this.events = events;
        this.dirs = dirs;
        this.users = new UserNamespaces(dirs);
    }

    /// Where a container starts: its pod's sandbox, volumes and addresses.
    record Place(
            String sandboxId, PodSandboxConfig sandbox, Hostname hostname, PodMounts mounts, PodAddresses addresses) {}

    /// `lost` is the restart count to go on with when the runtime knows of no earlier container.
    void start(Pod pod, Member member, ObservedPod observed, int lost, Place place)
            throws StartException, InterruptedException {
        String image;
        try {
            image = images.ensure(pod, member.spec(), member.fieldPath(), place.sandbox());
        } catch (PodImages.ImageException failure) {
            throw new StartException(failure.reason(), failure.getMessage());
        }
        int restarts = restarts(member, observed, lost);
        var config = configure(pod, member, observed, place, image, restarts);
        var id = create(pod, member, place, config);
        events.normal(pod, member.fieldPath(), "Created", "Created container: " + member.name());
        launch(pod, member, id);
        events.normal(pod, member.fieldPath(), "Started", "Started container " + member.name());
        postStart(pod, member, place, id);
    }

    /// A container that was created but never started was not a try; it makes room for the new one.
    private int restarts(Member member, ObservedPod observed, int lost) throws InterruptedException {
        var latest = observed.latest(member.name());
        if (latest.isEmpty()) {
            return lost;
        }
        if (latest.get().state() == ObservedContainer.State.CREATED) {
            runtime.removeContainer(latest.get().id());
            return latest.get().restartCount();
        }
        if (latest.get().state() == ObservedContainer.State.UNKNOWN) {
            runtime.stopContainer(latest.get().id(), Duration.ZERO);
        }
        return latest.get().restartCount() + 1;
    }

    private ContainerConfig configure(
            Pod pod, Member member, ObservedPod observed, Place place, String image, int restarts)
            throws StartException, InterruptedException {
        try {
            verifyUser(pod, member, image);
            boolean links = !Boolean.FALSE.equals(pod.getSpec().getEnableServiceLinks());
            var namespace = pod.getMetadata().getNamespace();
            var fromServices = ServiceVariables.of(services.services(), namespace, links);
            var variables = environment.of(pod, member.spec(), place.addresses(), fromServices);
            var mounts = new ArrayList<Mount>(place.mounts().of(pod, member.spec(), variables));
            mounts.addAll(ownFiles(pod, member, place, restarts));
            return users.within(
                    pod, configs.of(pod, member, restarts, image, variables, mounts, target(member, observed)));
        } catch (MissingConfigException | IOException failure) {
            var message = failure.getMessage();
            events.warning(pod, member.fieldPath(), "Failed", "Error: " + message);
            throw new StartException(Waiting.CONFIG_ERROR, message);
        }
    }

    private String create(Pod pod, Member member, Place place, ContainerConfig config)
            throws StartException, InterruptedException {
        try {
            return runtime.createContainer(place.sandboxId(), config, place.sandbox());
        } catch (CriException failure) {
            events.warning(pod, member.fieldPath(), "Failed", "Error: " + failure.description());
            throw new StartException(Waiting.CREATE_ERROR, failure.description());
        }
    }

    private void launch(Pod pod, Member member, String id) throws StartException, InterruptedException {
        try {
            runtime.startContainer(id);
        } catch (CriException failure) {
            events.warning(pod, member.fieldPath(), "Failed", "Error: " + failure.description());
            throw new StartException(Waiting.RUN_ERROR, failure.description());
        }
    }

    private void postStart(Pod pod, Member member, Place place, String id) throws StartException, InterruptedException {
        var lifecycle = member.spec().getLifecycle();
        if (lifecycle == null || lifecycle.getPostStart() == null) {
            return;
        }
        var failure = hooks.run(
                lifecycle.getPostStart(), member.spec(), id, place.addresses().podIp(), Duration.ZERO);
        if (failure.isEmpty()) {
            return;
        }
        events.warning(pod, member.fieldPath(), "FailedPostStartHook", NO_HOOK_MESSAGE);
        events.normal(pod, member.fieldPath(), "Killing", "FailedPostStartHook");
        var grace = pod.getSpec().getTerminationGracePeriodSeconds();
        runtime.stopContainer(id, Duration.ofSeconds(grace == null ? 30 : grace));
        throw new StartException(Waiting.POST_START_ERROR, failure.get());
    }

    /// `runAsNonRoot` with an image that runs as root is refused before anything runs.
    private void verifyUser(Pod pod, Member member, String image) throws InterruptedException {
        if (!SecurityContexts.mustNotBeRoot(pod, member)) {
            return;
        }
        var where = " (pod: \"" + PodKey.of(pod) + "\", container: " + member.name() + ")";
        var user = SecurityContexts.runAsUser(pod, member);
        if (user.isPresent()) {
            if (user.get() == 0) {
                throw new MissingConfigException("container's runAsUser breaks non-root policy" + where);
            }
            return;
        }
        var found = runtime.imageStatus(image);
        if (found.isEmpty()) {
            return;
        }
        if (!found.get().hasUid() && !found.get().getUsername().isEmpty()) {
            throw new MissingConfigException("container has runAsNonRoot and image has non-numeric user ("
                    + found.get().getUsername() + "), cannot verify user is non-root" + where);
        }
        if (found.get().getUid().getValue() == 0) {
            throw new MissingConfigException("container has runAsNonRoot and image will run as root" + where);
        }
    }

    /// `/etc/hosts` and the termination message file.
    private List<Mount> ownFiles(Pod pod, Member member, Place place, int restarts) throws IOException {
        var key = PodKey.of(pod);
        var mounts = new ArrayList<Mount>();
        boolean ownHosts = member.spec().getVolumeMounts().stream()
                .anyMatch(mount -> mount.getMountPath().equals("/etc/hosts"));
        if (!ownHosts) {
            var file = dirs.etcHosts(key);
            var addresses = place.addresses().podIps();
            HostsFile.write(file, pod, place.hostname(), addresses);
            mounts.add(Mount.newBuilder()
                    .setContainerPath("/etc/hosts")
                    .setHostPath(file.toString())
                    .build());
        }
        var messagePath = member.spec().getTerminationMessagePath();
        if (messagePath != null && !messagePath.isEmpty()) {
            mounts.add(Mount.newBuilder()
                    .setContainerPath(messagePath)
                    .setHostPath(messageFile(dirs.container(key, member.name()), restarts)
                            .toString())
                    .build());
        }
        Files.createDirectories(dirs.logs(key).resolve(member.name()));
        return mounts;
    }

    /// Any user of the container may write it.
    private static Path messageFile(Path directory, int restarts) throws IOException {
        Files.createDirectories(directory);
        var file = directory.resolve(String.valueOf(restarts));
        Files.deleteIfExists(file);
        Files.createFile(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        return file;
    }

    private static Optional<String> target(Member member, ObservedPod observed) {
        return Optional.ofNullable(member.spec().getAdditionalProperties().get("targetContainerName"))
                .flatMap(name -> observed.latest(String.valueOf(name)))
                .map(ObservedContainer::id);
    }
}
