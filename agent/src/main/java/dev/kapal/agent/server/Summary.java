package dev.kapal.agent.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.v1.ContainerStats;
import dev.kapal.agent.cri.v1.CpuUsage;
import dev.kapal.agent.cri.v1.FilesystemUsage;
import dev.kapal.agent.cri.v1.MemoryUsage;
import dev.kapal.agent.cri.v1.NetworkInterfaceUsage;
import dev.kapal.agent.cri.v1.PodSandboxStats;
import dev.kapal.agent.cri.v1.UInt64Value;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the node and each of its pods use, in the kubelet's summary form. Any thread; asks the runtime each time.
///
/// Source: kubelet stats API v1alpha1, Summary.
record Summary(ContainerRuntime runtime, NodeUsage node) {
    ObjectNode document(List<Pod> pods) throws InterruptedException {
        var document = JsonNodeFactory.instance.objectNode();
        try {
            document.set("node", node.document());
        } catch (IOException failure) {
            throw Refusal.internal("Error getting node stats: " + failure.getMessage());
        }
        var known =
                pods.stream().collect(Collectors.toMap(pod -> pod.getMetadata().getUid(), Function.identity()));
        var list = document.putArray("pods");
        for (var stats : stats()) {
            list.add(pod(stats, known));
        }
        return document;
    }

    private List<PodSandboxStats> stats() throws InterruptedException {
        try {
            return runtime.listPodSandboxStats();
        } catch (CriException failure) {
            throw Refusal.internal("failed to list pod stats: " + failure.getMessage());
        }
    }

    private static ObjectNode pod(PodSandboxStats stats, Map<String, Pod> known) {
        var metadata = stats.getAttributes().getMetadata();
        var node = JsonNodeFactory.instance.objectNode();
        node.putObject("podRef")
                .put("name", metadata.getName())
                .put("namespace", metadata.getNamespace())
                .put("uid", metadata.getUid());
        var pod = known.get(metadata.getUid());
        if (pod != null && pod.getStatus() != null && pod.getStatus().getStartTime() != null) {
            node.put("startTime", pod.getStatus().getStartTime());
        }
        var linux = stats.getLinux();
        var containers = node.putArray("containers");
        linux.getContainersList().forEach(container -> containers.add(container(container)));
        node.set("cpu", cpu(linux.getCpu()));
        node.set("memory", memory(linux.getMemory()));
        if (linux.hasNetwork() && linux.getNetwork().hasDefaultInterface()) {
            var network = node.putObject("network");
            network.put("time", time(linux.getNetwork().getTimestamp()));
            network.setAll(traffic(linux.getNetwork().getDefaultInterface()));
        }
        if (linux.getProcess().hasProcessCount()) {
            node.putObject("process_stats")
                    .put("process_count", linux.getProcess().getProcessCount().getValue());
        }
        return node;
    }

    private static ObjectNode container(ContainerStats stats) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("name", stats.getAttributes().getMetadata().getName());
        node.set("cpu", cpu(stats.getCpu()));
        node.set("memory", memory(stats.getMemory()));
        node.set("rootfs", files(stats.getWritableLayer()));
        return node;
    }

    private static ObjectNode cpu(CpuUsage usage) {
        var node = JsonNodeFactory.instance.objectNode().put("time", time(usage.getTimestamp()));
        put(node, "usageNanoCores", usage.hasUsageNanoCores(), usage.getUsageNanoCores());
        put(node, "usageCoreNanoSeconds", usage.hasUsageCoreNanoSeconds(), usage.getUsageCoreNanoSeconds());
        return node;
    }

    private static ObjectNode memory(MemoryUsage usage) {
        var node = JsonNodeFactory.instance.objectNode().put("time", time(usage.getTimestamp()));
        put(node, "availableBytes", usage.hasAvailableBytes(), usage.getAvailableBytes());
        put(node, "usageBytes", usage.hasUsageBytes(), usage.getUsageBytes());
        put(node, "workingSetBytes", usage.hasWorkingSetBytes(), usage.getWorkingSetBytes());
        put(node, "rssBytes", usage.hasRssBytes(), usage.getRssBytes());
        put(node, "pageFaults", usage.hasPageFaults(), usage.getPageFaults());
        put(node, "majorPageFaults", usage.hasMajorPageFaults(), usage.getMajorPageFaults());
        return node;
    }

    private static ObjectNode files(FilesystemUsage usage) {
        var node = JsonNodeFactory.instance.objectNode().put("time", time(usage.getTimestamp()));
        put(node, "usedBytes", usage.hasUsedBytes(), usage.getUsedBytes());
        put(node, "inodesUsed", usage.hasInodesUsed(), usage.getInodesUsed());
        return node;
    }

    private static ObjectNode traffic(NetworkInterfaceUsage usage) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", usage.getName())
                .put("rxBytes", usage.getRxBytes().getValue())
                .put("rxErrors", usage.getRxErrors().getValue())
                .put("txBytes", usage.getTxBytes().getValue())
                .put("txErrors", usage.getTxErrors().getValue());
    }

    private static void put(ObjectNode node, String key, boolean isKnown, UInt64Value value) {
        if (isKnown) {
            node.put(key, value.getValue());
        }
    }

    private static String time(long nanos) {
        return Instant.ofEpochSecond(0, nanos).toString();
    }
}
