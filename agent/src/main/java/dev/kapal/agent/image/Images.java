package dev.kapal.agent.image;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.v1.AuthConfig;
import dev.kapal.agent.cri.v1.Image;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.env.References;
import dev.kapal.agent.pod.PodEvents;
import dev.kapal.agent.pod.PodImages;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Has images on the node before containers are made from them: present, or pulled by the container's policy, with
/// growing pauses after failures. Called by pod workers; any thread.
///
/// Source: kubelet image manager; Pod API, imagePullPolicy.
public final class Images implements PodImages {
    private static final Log log = Log.of(Images.class);

    /// Pulls at once: one slow registry must not hold up the others, and the disk has to keep up.
    private static final int AT_ONCE = 4;

    private static final String PULL_ERROR = "ErrImagePull";

    private final ContainerRuntime runtime;
    private final PodEvents events;
    private final References secrets;
    private final Time time;
    private final PullBackoff backoff = new PullBackoff();
    private final Semaphore places = new Semaphore(AT_ONCE, true);

    /// @param secrets where the pods' credentials for registries are
    public Images(ContainerRuntime runtime, PodEvents events, References secrets, Time time) {
        this.runtime = runtime;
        this.events = events;
        this.secrets = secrets;
        this.time = time;
    }

    /// Answers the image's id.
    @Override
    public String ensure(Pod pod, Container container, String fieldPath, PodSandboxConfig sandbox)
            throws ImageException, InterruptedException {
        return new Attempt(pod, container.getImage(), fieldPath, sandbox).run(container.getImagePullPolicy());
    }

    /// One container's need for an image.
    private final class Attempt {
        private final Pod pod;
        /// As the user wrote it: so it stands in messages.
        private final String name;

        private final String fieldPath;
        private final PodSandboxConfig sandbox;

        Attempt(Pod pod, String name, String fieldPath, PodSandboxConfig sandbox) {
            this.pod = pod;
            this.name = name;
            this.fieldPath = fieldPath;
            this.sandbox = sandbox;
        }

        String run(String policy) throws ImageException, InterruptedException {
            var reference = reference();
            var present = inspect(reference);
            if (present.isPresent() && !"Always".equals(policy)) {
                normal("Pulled", "Container image \"%s\" already present on machine".formatted(name));
                return present.get().getId();
            }
            if ("Never".equals(policy)) {
                throw refused(
                        "ErrImageNeverPull",
                        "ErrImageNeverPull",
                        "Container image \"%s\" is not present with pull policy of Never".formatted(name));
            }
            var key = pod.getMetadata().getUid() + "_" + name;
            if (backoff.isWaiting(key, time.instant())) {
                var message = "Back-off pulling image \"%s\"".formatted(name);
                normal("BackOff", message);
                throw failed("ImagePullBackOff", message + ": " + PULL_ERROR + ": " + backoff.why(key));
            }
            return pull(reference, key);
        }

        private String reference() throws ImageException {
            try {
                return ImageReference.withTag(name);
            } catch (IllegalArgumentException malformed) {
                var message = "Failed to apply default image tag \"%1$s\": couldn't parse image name \"%1$s\": %2$s"
                        .formatted(name, malformed.getMessage());
                throw refused("InspectFailed", "InvalidImageName", message);
            }
        }

        private Optional<Image> inspect(String reference) throws ImageException, InterruptedException {
            try {
                return runtime.imageStatus(reference);
            } catch (CriException failure) {
                var message = "Failed to inspect image \"%s\": %s".formatted(name, failure.getMessage());
                throw refused("InspectFailed", "ImageInspectError", message);
            }
        }

        private String pull(String reference, String key) throws ImageException, InterruptedException {
            var credentials = credentials().of(reference);
            normal("Pulling", "Pulling image \"%s\"".formatted(name));
            long asked = time.nanos();
            places.acquire();
            long started = time.nanos();
            String id;
            try {
                id = pull(reference, credentials);
            } catch (CriException failure) {
                backoff.failed(key, time.instant(), failure.getMessage());
                events.warning(
                        pod,
                        fieldPath,
                        "Failed",
                        "Failed to pull image \"%s\": %s".formatted(name, failure.getMessage()));
                throw failed(PULL_ERROR, failure.getMessage());
            } finally {
                places.release();
            }
            long ended = time.nanos();
            backoff.succeeded(key);
            normal(
                    "Pulled",
                    "Successfully pulled image \"%s\" in %s (%s including waiting). Image size: %d bytes."
                            .formatted(
                                    name,
                                    GoDuration.text(Duration.ofNanos(ended - started)),
                                    GoDuration.text(Duration.ofNanos(ended - asked)),
                                    inspect(reference).map(Image::getSize).orElse(0L)));
            return id;
        }

        /// Tries one after the other; without any, as nobody.
        private String pull(String reference, List<AuthConfig> credentials) throws InterruptedException {
            for (int i = 0; i < credentials.size() - 1; i++) {
                try {
                    return runtime.pullImage(reference, Optional.of(credentials.get(i)), sandbox);
                } catch (CriException next) {
                    log.debug(
                            "image not pulled with these credentials", "image", reference, "cause", next.getMessage());
                }
            }
            var last = credentials.isEmpty() ? Optional.<AuthConfig>empty() : Optional.of(credentials.getLast());
            return runtime.pullImage(reference, last, sandbox);
        }

        /// What the pod's Secrets say. One that is not there is told and does not stop the pull.
        private RegistryCredentials credentials() throws InterruptedException {
            var found = new ArrayList<Secret>();
            var missing = new ArrayList<String>();
            for (var reference : pod.getSpec().getImagePullSecrets()) {
                if (reference.getName() == null || reference.getName().isEmpty()) {
                    continue;
                }
                try {
                    secrets.secret(pod.getMetadata().getNamespace(), reference.getName())
                            .ifPresentOrElse(found::add, () -> missing.add(reference.getName()));
                } catch (KubernetesClientException | UncheckedIOException unreadable) {
                    missing.add(reference.getName());
                }
            }
            if (!missing.isEmpty()) {
                events.warning(
                        pod,
                        "",
                        "FailedToRetrieveImagePullSecret",
                        "Unable to retrieve some image pull secrets (%s); attempting to pull the image may not succeed."
                                .formatted(String.join(", ", missing)));
            }
            return RegistryCredentials.of(found);
        }

        private void normal(String reason, String message) {
            events.normal(pod, fieldPath, reason, message);
        }

        private ImageException refused(String event, String reason, String message) {
            events.warning(pod, fieldPath, event, message);
            return failed(reason, message);
        }

        /// Upstream tells every container that does not start for its image a second time, with the bare reason.
        private ImageException failed(String reason, String message) {
            events.warning(pod, fieldPath, "Failed", "Error: " + reason);
            return new ImageException(reason, message);
        }
    }
}
