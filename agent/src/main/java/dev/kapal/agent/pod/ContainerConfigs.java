package dev.kapal.agent.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.ContainerMetadata;
import dev.kapal.agent.cri.v1.ImageSpec;
import dev.kapal.agent.cri.v1.KeyValue;
import dev.kapal.agent.cri.v1.LinuxContainerConfig;
import dev.kapal.agent.cri.v1.Mount;
import dev.kapal.agent.env.Expansion;
import dev.kapal.client.Json;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a container is made from. Immutable; any thread.
///
/// Source: CRI v1, ContainerConfig.
final class ContainerConfigs {
    private final long memoryCapacity;

    ContainerConfigs(long memoryCapacity) {
        this.memoryCapacity = memoryCapacity;
    }

    /// `restarts` names the attempt and the log file; `targetId` is whose processes an ephemeral container sees.
    ContainerConfig of(
            Pod pod,
            Member member,
            int restarts,
            String image,
            Map<String, String> variables,
            List<Mount> mounts,
            Optional<String> targetId) {
        var spec = member.spec();
        var config = ContainerConfig.newBuilder()
                .setMetadata(
                        ContainerMetadata.newBuilder().setName(member.name()).setAttempt(restarts))
                .setImage(ImageSpec.newBuilder().setImage(image).setUserSpecifiedImage(spec.getImage()))
                .addAllMounts(mounts)
                .putAllLabels(labels(pod, member))
                .putAllAnnotations(annotations(pod, member, restarts))
                .setLogPath(member.name() + "/" + restarts + ".log")
                .setStdin(Boolean.TRUE.equals(spec.getStdin()))
                .setStdinOnce(Boolean.TRUE.equals(spec.getStdinOnce()))
                .setTty(Boolean.TRUE.equals(spec.getTty()))
                .setLinux(LinuxContainerConfig.newBuilder()
                        .setResources(Limits.of(pod, spec, memoryCapacity))
                        .setSecurityContext(SecurityContexts.container(pod, member, targetId)));
        spec.getCommand().forEach(word -> config.addCommand(Expansion.expand(word, variables)));
        spec.getArgs().forEach(word -> config.addArgs(Expansion.expand(word, variables)));
        if (spec.getWorkingDir() != null) {
            config.setWorkingDir(spec.getWorkingDir());
        }
        variables.forEach((name, value) ->
                config.addEnvs(KeyValue.newBuilder().setKey(name).setValue(value)));
        return config.build();
    }

    private static Map<String, String> labels(Pod pod, Member member) {
        var key = PodKey.of(pod);
        return Map.of(
                Labels.POD_NAME, key.name(),
                Labels.POD_NAMESPACE, key.namespace(),
                Labels.POD_UID, key.uid(),
                Labels.CONTAINER_NAME, member.name());
    }

    private static Map<String, String> annotations(Pod pod, Member member, int restarts) {
        var spec = member.spec();
        var annotations = new TreeMap<String, String>();
        annotations.put(Labels.CONTAINER_HASH, ContainerHash.of(spec));
        annotations.put(Labels.RESTART_COUNT, String.valueOf(restarts));
        annotations.put(
                Labels.TERMINATION_MESSAGE_PATH,
                spec.getTerminationMessagePath() == null ? "" : spec.getTerminationMessagePath());
        annotations.put(
                Labels.TERMINATION_MESSAGE_POLICY,
                spec.getTerminationMessagePolicy() == null ? "File" : spec.getTerminationMessagePolicy());
        var grace = pod.getSpec().getTerminationGracePeriodSeconds();
        if (grace != null) {
            annotations.put(Labels.POD_GRACE, String.valueOf(grace));
        }
        if (spec.getLifecycle() != null && spec.getLifecycle().getPreStop() != null) {
            annotations.put(Labels.PRE_STOP, json(spec.getLifecycle().getPreStop()));
        }
        if (!spec.getPorts().isEmpty()) {
            annotations.put(Labels.PORTS, json(spec.getPorts()));
        }
        return annotations;
    }

    private static String json(Object value) {
        try {
            return Json.mapper().writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
