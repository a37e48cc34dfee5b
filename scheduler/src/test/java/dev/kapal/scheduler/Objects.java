package dev.kapal.scheduler;

import dev.kapal.scheduler.snapshot.PodFacts;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.Map;

/// Pods and nodes for tests, built by short verbs.
public final class Objects {
    private Objects() {}

    public static PodMaker pod(String name) {
        return new PodMaker(new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .withUid("uid-" + name)
                .endMetadata()
                .withNewSpec()
                .withSchedulerName("default-scheduler")
                .endSpec()
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build());
    }

    public static NodeMaker node(String name) {
        return new NodeMaker(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withUid("uid-" + name)
                        .addToLabels("kubernetes.io/hostname", name)
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .withNewStatus()
                        .endStatus()
                        .build())
                .offers("cpu", "4")
                .offers("memory", "8Gi")
                .offers("pods", "110");
    }

    public static NodeSelectorTerm label(String key, String operator, String... values) {
        return new NodeSelectorTermBuilder()
                .addNewMatchExpression()
                .withKey(key)
                .withOperator(operator)
                .withValues(values)
                .endMatchExpression()
                .build();
    }

    public static NodeSelectorTerm named(String node) {
        return new NodeSelectorTermBuilder()
                .addNewMatchField()
                .withKey("metadata.name")
                .withOperator("In")
                .withValues(node)
                .endMatchField()
                .build();
    }

    /// A pod in the making; `asks` and `takesPort` each add a container.
    public record PodMaker(Pod pod) {
        public PodMaker asks(String cpu, String memory) {
            return with(new PodBuilder(pod)
                    .editSpec()
                    .addToContainers(new ContainerBuilder()
                            .withName("c" + pod.getSpec().getContainers().size())
                            .withNewResources()
                            .withRequests(Map.of("cpu", new Quantity(cpu), "memory", new Quantity(memory)))
                            .endResources()
                            .build())
                    .endSpec());
        }

        public PodMaker asksFor(String resource, String amount) {
            return with(new PodBuilder(pod)
                    .editSpec()
                    .addNewContainer()
                    .withNewResources()
                    .addToRequests(resource, new Quantity(amount))
                    .endResources()
                    .endContainer()
                    .endSpec());
        }

        public PodMaker starts(String cpu, String restartPolicy) {
            return with(new PodBuilder(pod)
                    .editSpec()
                    .addNewInitContainer()
                    .withRestartPolicy(restartPolicy)
                    .withNewResources()
                    .addToRequests("cpu", new Quantity(cpu))
                    .endResources()
                    .endInitContainer()
                    .endSpec());
        }

        public PodMaker takesPort(String ip, int port) {
            return with(new PodBuilder(pod)
                    .editSpec()
                    .addNewContainer()
                    .addNewPort()
                    .withHostIP(ip)
                    .withHostPort(port)
                    .withContainerPort(port)
                    .withProtocol("TCP")
                    .endPort()
                    .endContainer()
                    .endSpec());
        }

        public PodMaker selects(String key, String value) {
            return with(
                    new PodBuilder(pod).editSpec().addToNodeSelector(key, value).endSpec());
        }

        public PodMaker requires(NodeSelectorTerm... terms) {
            return with(new PodBuilder(pod)
                    .editSpec()
                    .editOrNewAffinity()
                    .editOrNewNodeAffinity()
                    .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                    .withNodeSelectorTerms(terms)
                    .endRequiredDuringSchedulingIgnoredDuringExecution()
                    .endNodeAffinity()
                    .endAffinity()
                    .endSpec());
        }

        public PodMaker prefers(int weight, NodeSelectorTerm term) {
            return with(new PodBuilder(pod)
                    .editSpec()
                    .editOrNewAffinity()
                    .editOrNewNodeAffinity()
                    .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                    .withWeight(weight)
                    .withPreference(term)
                    .endPreferredDuringSchedulingIgnoredDuringExecution()
                    .endNodeAffinity()
                    .endAffinity()
                    .endSpec());
        }

        public PodMaker tolerates(String key, String operator, String value, String effect) {
            return with(new PodBuilder(pod)
                    .editSpec()
                    .addNewToleration()
                    .withKey(key)
                    .withOperator(operator)
                    .withValue(value)
                    .withEffect(effect)
                    .endToleration()
                    .endSpec());
        }

        public PodMaker priority(int priority) {
            return with(new PodBuilder(pod).editSpec().withPriority(priority).endSpec());
        }

        public PodMaker gate(String name) {
            return with(
                    new PodBuilder(pod).editSpec().addNewSchedulingGate(name).endSpec());
        }

        public PodMaker on(String node) {
            return with(new PodBuilder(pod).editSpec().withNodeName(node).endSpec());
        }

        public PodMaker phase(String phase) {
            return with(new PodBuilder(pod).editStatus().withPhase(phase).endStatus());
        }

        public PodFacts facts() {
            return PodFacts.of(pod);
        }

        private static PodMaker with(PodBuilder builder) {
            return new PodMaker(builder.build());
        }
    }

    /// A node in the making: 4 cores, 8 GiB and 110 pods unless told otherwise.
    public record NodeMaker(Node node) {
        public NodeMaker offers(String resource, String amount) {
            return with(new NodeBuilder(node)
                    .editStatus()
                    .addToAllocatable(resource, new Quantity(amount))
                    .endStatus());
        }

        public NodeMaker label(String key, String value) {
            return with(
                    new NodeBuilder(node).editMetadata().addToLabels(key, value).endMetadata());
        }

        public NodeMaker taint(String key, String value, String effect) {
            return with(new NodeBuilder(node)
                    .editSpec()
                    .addToTaints(new Taint(effect, key, null, value))
                    .endSpec());
        }

        public NodeMaker cordoned() {
            return with(new NodeBuilder(node).editSpec().withUnschedulable(true).endSpec());
        }

        private static NodeMaker with(NodeBuilder builder) {
            return new NodeMaker(builder.build());
        }
    }
}
