package dev.kapal.agent.pod;

import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.IDMapping;
import dev.kapal.agent.cri.v1.LinuxSandboxSecurityContext;
import dev.kapal.agent.cri.v1.NamespaceMode;
import dev.kapal.agent.cri.v1.UserNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.TreeSet;

/// The users of pods that shall not have the machine's (`hostUsers: false`): each of these pods has 65536 users of the
/// machine to itself, and its root is one of them. Which block it is stands in the pod's directory, so that it stays
/// when
/// the agent is started again, and is free when the directory is gone. Any thread.
///
/// Source: Kubernetes documentation, "User Namespaces"; CRI v1, UserNamespace.
final class UserNamespaces {
    private static final int LENGTH = 65_536;
    private static final String FILE = "userns";

    private final PodDirs dirs;

    UserNamespaces(PodDirs dirs) {
        this.dirs = dirs;
    }

    static boolean isWanted(Pod pod) {
        return Boolean.FALSE.equals(pod.getSpec().getHostUsers());
    }

    LinuxSandboxSecurityContext within(Pod pod, LinuxSandboxSecurityContext context) throws IOException {
        if (!isWanted(pod)) {
            return context;
        }
        var out = context.toBuilder();
        out.getNamespaceOptionsBuilder().setUsernsOptions(of(pod));
        return out.build();
    }

    /// The container's mounts are shown with the pod's users, too: what belongs to root outside belongs to root inside.
    ContainerConfig within(Pod pod, ContainerConfig config) throws IOException {
        if (!isWanted(pod)) {
            return config;
        }
        var own = of(pod);
        var out = config.toBuilder();
        out.getLinuxBuilder()
                .getSecurityContextBuilder()
                .getNamespaceOptionsBuilder()
                .setUsernsOptions(own);
        out.getMountsBuilderList()
                .forEach(mount -> mount.addAllUidMappings(own.getUidsList()).addAllGidMappings(own.getGidsList()));
        return out.build();
    }

    private UserNamespace of(Pod pod) throws IOException {
        var users = IDMapping.newBuilder()
                .setHostId(block(PodKey.of(pod)) * LENGTH)
                .setContainerId(0)
                .setLength(LENGTH);
        return UserNamespace.newBuilder()
                .setMode(NamespaceMode.POD)
                .addUids(users)
                .addGids(users)
                .build();
    }

    /// The pod's block, or the first free one. Block 0 is the machine's own users.
    private synchronized int block(PodKey pod) throws IOException {
        var file = dirs.of(pod).resolve(FILE);
        if (Files.exists(file)) {
            return Integer.parseInt(Files.readString(file).strip());
        }
        Files.createDirectories(dirs.of(pod));
        var taken = new TreeSet<Integer>();
        try (var pods = Files.newDirectoryStream(dirs.pods())) {
            for (var other : pods) {
                try {
                    taken.add(Integer.parseInt(
                            Files.readString(other.resolve(FILE)).strip()));
                } catch (NoSuchFileException hostsUsers) {
                    continue;
                }
            }
        }
        int free = 1;
        while (taken.contains(free)) {
            free++;
        }
        Files.writeString(file, free + "\n");
        return free;
    }
}
