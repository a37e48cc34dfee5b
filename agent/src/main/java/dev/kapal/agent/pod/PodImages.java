package dev.kapal.agent.pod;

import dev.kapal.agent.cri.v1.PodSandboxConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;

/// Has the images of containers on the node before they are created. Any thread; may take minutes.
public interface PodImages {
    /// The reference to create the container from. Tells the pod's events what it does.
    String ensure(Pod pod, Container container, String fieldPath, PodSandboxConfig sandbox)
            throws ImageException, InterruptedException;

    /// No image, with the waiting reason of upstream: `ErrImagePull`, `ImagePullBackOff`, `ErrImageNeverPull`,
    /// `InvalidImageName`, `ImageInspectError`.
    final class ImageException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        public ImageException(String reason, String message) {
            super(message);
            this.reason = reason;
        }

        public String reason() {
            return reason;
        }
    }
}
