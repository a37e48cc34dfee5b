package dev.kapal.agent.pod;

import dev.kapal.agent.env.PodAddresses;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.Optional;

/// The volumes of pods on this node. Any thread, one at a time for each pod; blocks.
public interface PodVolumes {
    /// Sets up what is not there yet and brings the contents of what is there up to date. Repeating it is harmless.
    PodMounts mount(Pod pod, PodAddresses addresses) throws VolumeException, InterruptedException;

    /// Takes the mounts and the files of the pod's volumes away. Harmless when there are none.
    void unmount(PodKey pod) throws IOException;

    /// Calls `onChange` whenever something that the pod's volumes or variables refer to has changed, until
    /// [#unmount(PodKey)].
    void follow(Pod pod, Runnable onChange);

    /// Why the pod must go for what it has written, in upstream's words; empty as long as it keeps to its limits.
    Optional<String> overLimit(Pod pod);

    /// A volume could not be set up; the message is upstream's, for the event `FailedMount`.
    final class VolumeException extends Exception {
        private static final long serialVersionUID = 1L;

        public VolumeException(String volume, String cause) {
            super("MountVolume.SetUp failed for volume \"" + volume + "\" : " + cause);
        }
    }
}
