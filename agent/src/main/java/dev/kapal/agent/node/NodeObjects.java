package dev.kapal.agent.node;

import dev.kapal.agent.cri.v1.Image;
import io.fabric8.kubernetes.api.model.ContainerImage;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The Node object, from what is known of the machine. Pure.
///
/// Source: Node API; Kubernetes documentation, "Well-Known Labels".
public final class NodeObjects {
    public static final String VERSION = "v1.34.0+kapal";

    private static final int MOST_IMAGES = 50;
    private static final long KEPT_MEMORY = 100L << 20;

    private NodeObjects() {}

    /// What the node registers as.
    static Node fresh(NodeIdentity identity, NodeFacts facts, NodeStatus status) {
        var node = new NodeBuilder()
                .withNewMetadata()
                .withName(identity.name())
                .withLabels(labels(identity, facts))
                .addToAnnotations("volumes.kubernetes.io/controller-managed-attach-detach", "true")
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withStatus(status)
                .build();
        identity.podCidr().ifPresent(cidr -> {
            node.getSpec().setPodCIDR(cidr);
            node.getSpec().setPodCIDRs(List.of(cidr));
        });
        return node;
    }

    static Map<String, String> labels(NodeIdentity identity, NodeFacts facts) {
        var labels = new HashMap<>(identity.labels());
        labels.put("kubernetes.io/hostname", identity.name());
        labels.put("kubernetes.io/os", "linux");
        labels.put("kubernetes.io/arch", facts.architecture());
        labels.put("beta.kubernetes.io/os", "linux");
        labels.put("beta.kubernetes.io/arch", facts.architecture());
        return labels;
    }

    static NodeStatus status(
            NodeIdentity identity,
            NodeFacts facts,
            NodeHealth health,
            List<Image> images,
            List<NodeCondition> old,
            Instant now) {
        return new NodeStatusBuilder()
                .withCapacity(capacity(identity, facts))
                .withAllocatable(allocatable(identity, facts))
                .withConditions(NodeConditions.of(health, old, now))
                .addNewAddress(identity.address(), "InternalIP")
                .addNewAddress(identity.name(), "Hostname")
                .withNewDaemonEndpoints()
                .withNewKubeletEndpoint(identity.port())
                .endDaemonEndpoints()
                .withNewNodeInfo()
                .withMachineID(facts.machineId())
                .withSystemUUID(facts.systemUuid())
                .withBootID(facts.bootId())
                .withKernelVersion(facts.kernel())
                .withOsImage(facts.osImage())
                .withContainerRuntimeVersion(health.runtimeVersion())
                .withKubeletVersion(VERSION)
                .withKubeProxyVersion("")
                .withOperatingSystem("linux")
                .withArchitecture(facts.architecture())
                .endNodeInfo()
                .withImages(images(images))
                .build();
    }

    static Map<String, Quantity> capacity(NodeIdentity identity, NodeFacts facts) {
        return Map.of(
                "cpu", new Quantity(String.valueOf(facts.cpus())),
                "memory", new Quantity(facts.memory() / 1024 + "Ki"),
                "ephemeral-storage", new Quantity(facts.disk() / 1024 + "Ki"),
                "hugepages-1Gi", new Quantity("0"),
                "hugepages-2Mi", new Quantity("0"),
                "pods", new Quantity(String.valueOf(identity.maxPods())));
    }

    /// Capacity without what the node keeps for itself before it evicts.
    public static Map<String, Quantity> allocatable(NodeIdentity identity, NodeFacts facts) {
        var allocatable = new HashMap<>(capacity(identity, facts));
        allocatable.put("memory", new Quantity((facts.memory() - KEPT_MEMORY) / 1024 + "Ki"));
        allocatable.put("ephemeral-storage", new Quantity(String.valueOf(facts.disk() / 10 * 9)));
        return allocatable;
    }

    /// The largest images under all their names: the scheduler prefers nodes that have them.
    private static List<ContainerImage> images(List<Image> images) {
        return images.stream()
                .sorted(Comparator.comparingLong(Image::getSize).reversed().thenComparing(Image::getId))
                .limit(MOST_IMAGES)
                .map(image -> {
                    var names = new ArrayList<String>(image.getRepoDigestsList());
                    names.addAll(image.getRepoTagsList());
                    return new ContainerImage(names, image.getSize());
                })
                .toList();
    }
}
