package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Container;
import java.nio.charset.StandardCharsets;

/// Tells a running container that its definition has changed. Only name and image count: nothing else of a container
/// may
/// change while it runs. The value is kept in the runtime across restarts of the agent, so its making never changes.
final class ContainerHash {
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private ContainerHash() {}

    static String of(Container container) {
        var text = container.getName() + "\n" + container.getImage();
        int hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return Integer.toHexString(hash);
    }
}
