package dev.kapal.agent.volume;

import dev.kapal.agent.cri.v1.Mount;
import dev.kapal.agent.cri.v1.MountPropagation;
import dev.kapal.agent.env.Expansion;
import dev.kapal.agent.env.MissingConfigException;
import dev.kapal.agent.pod.PodMounts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The volumes of one pod, where its containers want them. One pod's worker only.
///
/// A sub path never leads out of its volume: what a container may have linked is resolved first, and refused if it
/// does.
record ContainerMounts(Map<String, Site> sites) implements PodMounts {
    private static final Pattern LEFT_OVER = Pattern.compile("\\$\\([^)]*\\)");

    /// A volume on the node. `rendered` ones are the node's to write, never the container's.
    record Site(Path path, boolean rendered) {}

    ContainerMounts {
        sites = Map.copyOf(sites);
    }

    @Override
    public List<Mount> of(Pod pod, Container container, Map<String, String> variables) {
        var mounts = new ArrayList<Mount>();
        for (var mount : container.getVolumeMounts()) {
            var site = Optional.ofNullable(sites.get(mount.getName()))
                    .orElseThrow(() -> new MissingConfigException("cannot find volume \"" + mount.getName()
                            + "\" to mount into container \"" + container.getName() + "\""));
            mounts.add(Mount.newBuilder()
                    .setContainerPath(absolute(mount.getMountPath()))
                    .setHostPath(source(container, mount, site, variables).toString())
                    .setReadonly(Boolean.TRUE.equals(mount.getReadOnly()) || site.rendered())
                    .setPropagation(propagation(mount))
                    .build());
        }
        return mounts;
    }

    private static Path source(Container container, VolumeMount mount, Site site, Map<String, String> variables) {
        var subPath = subPath(mount, variables);
        if (subPath.isEmpty()) {
            return site.path();
        }
        if (subPath.startsWith("/")) {
            throw new MissingConfigException("error SubPath `" + subPath + "` must not be an absolute path");
        }
        for (var step : Path.of(subPath)) {
            if (step.toString().equals("..")) {
                throw new MissingConfigException(
                        "unable to provision SubPath `" + subPath + "`: must not contain '..'");
            }
        }
        var where = "for volumeMount \"" + mount.getName() + "\" of container \"" + container.getName() + "\"";
        try {
            return inside(site.path(), subPath, where);
        } catch (IOException failure) {
            throw new MissingConfigException("failed to prepare subPath " + where);
        }
    }

    private static String subPath(VolumeMount mount, Map<String, String> variables) {
        if (mount.getSubPath() != null && !mount.getSubPath().isEmpty()) {
            return mount.getSubPath();
        }
        if (mount.getSubPathExpr() == null || mount.getSubPathExpr().isEmpty()) {
            return "";
        }
        var expanded = Expansion.expand(mount.getSubPathExpr(), variables);
        var leftOver = LEFT_OVER.matcher(expanded);
        if (leftOver.find()) {
            var name = leftOver.group().substring(2, leftOver.group().length() - 1);
            throw new MissingConfigException("missing value for \"" + name + "\"");
        }
        return expanded;
    }

    /// The real path of `subPath`, made as a directory if there is nothing.
    private static Path inside(Path volume, String subPath, String where) throws IOException {
        var root = volume.toRealPath();
        var at = root;
        for (var step : Path.of(subPath)) {
            var next = at.resolve(step);
            if (!Files.exists(next)) {
                try {
                    Files.createDirectory(next);
                    Ownership.setMode(next, Ownership.mode(root));
                } catch (IOException failure) {
                    throw new MissingConfigException("failed to create subPath directory " + where);
                }
            }
            at = next.toRealPath();
            if (!at.startsWith(root)) {
                throw new MissingConfigException("failed to prepare subPath " + where);
            }
        }
        return at;
    }

    private static MountPropagation propagation(VolumeMount mount) {
        return switch (mount.getMountPropagation() == null ? "None" : mount.getMountPropagation()) {
            case "HostToContainer" -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
            case "Bidirectional" -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
            default -> MountPropagation.PROPAGATION_PRIVATE;
        };
    }

    private static String absolute(String path) {
        return path.startsWith("/") ? path : "/" + path;
    }
}
