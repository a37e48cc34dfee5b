package dev.kapal.agent;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.env.Environment;
import dev.kapal.agent.env.References;
import dev.kapal.agent.node.ApiNodes;
import dev.kapal.agent.node.NodeAgent;
import dev.kapal.agent.node.NodeFacts;
import dev.kapal.agent.node.NodeIdentity;
import dev.kapal.agent.node.NodeObjects;
import dev.kapal.agent.node.NodeProbe;
import dev.kapal.agent.pod.ApiPods;
import dev.kapal.agent.pod.KernelCgroups;
import dev.kapal.agent.pod.KernelExits;
import dev.kapal.agent.pod.PodAgent;
import dev.kapal.agent.pod.PodDirs;
import dev.kapal.agent.pod.PodDns;
import dev.kapal.agent.pod.PodEvents;
import dev.kapal.agent.pod.PodImages;
import dev.kapal.agent.pod.PodMetrics;
import dev.kapal.agent.pod.RecordedEvents;
import dev.kapal.agent.volume.ApiReferences;
import dev.kapal.agent.volume.ApiTokens;
import dev.kapal.agent.volume.NodeVolumes;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.linux.Cgroups;
import dev.kapal.linux.Mounts;
import dev.kapal.linux.ProcessExits;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/// The node agent: registers the machine and runs the pods that are bound to it. Closing it stops its threads and
/// leaves
/// the containers running; the next one adopts them.
public final class Agent implements AutoCloseable {
    private final Life life;
    private final NodeAgent node;
    private final PodAgent pods;

    private Agent(Life life, NodeAgent node, PodAgent pods) {
        this.life = life;
        this.node = node;
        this.pods = pods;
    }

    /// Starts the agent and returns when it has taken the pods it is responsible for. `images` gets told where to put
    /// its
    /// events. Errors: a machine that cannot be read is an [IOException].
    public static Agent start(
            AgentConfig config,
            KubernetesClient client,
            ContainerRuntime runtime,
            BiFunction<PodEvents, References, PodImages> images,
            PodDns dns,
            Time time,
            Metrics metrics)
            throws IOException, InterruptedException {
        Files.createDirectories(config.data());
        var life = new Life("agent");
        try {
            return start(config, client, runtime, images, dns, time, metrics, life);
        } catch (IOException | InterruptedException | RuntimeException failure) {
            life.close();
            throw failure;
        }
    }

    private static Agent start(
            AgentConfig config,
            KubernetesClient client,
            ContainerRuntime runtime,
            BiFunction<PodEvents, References, PodImages> images,
            PodDns dns,
            Time time,
            Metrics metrics,
            Life life)
            throws IOException, InterruptedException {
        var api = new Api(client);
        var recorder = life.own(new EventRecorder(client, config.nodeName(), time));
        var identity = new NodeIdentity(
                config.nodeName(),
                config.address(),
                config.port(),
                config.maxPods(),
                config.podCidr(),
                config.labels());
        var facts = NodeFacts.read(config.data());
        var node = new NodeAgent(
                identity,
                facts,
                new NodeProbe(runtime, config.data()),
                new ApiNodes(api, recorder, config.nodeName()),
                time);
        var informers = life.own(new Informers(client, time, metrics));
        var services = informers.of(Service.class);
        var bound = informers.withFields(Pod.class, "spec.nodeName=" + config.nodeName());
        var references = life.own(new ApiReferences(api, time));
        var allocatable = NodeObjects.allocatable(identity, facts);
        var dirs = new PodDirs(config.data(), config.logs());
        var events = new RecordedEvents(recorder);
        var cgroups = Cgroups.detect();
        var ports = new PodAgent.Ports(
                runtime,
                images.apply(events, references),
                new NodeVolumes(dirs, Mounts.system(), references, new ApiTokens(client), allocatable, time),
                new KernelCgroups(cgroups),
                new KernelExits(cgroups, life.own(ProcessExits.start())),
                new ApiPods(api),
                events,
                dns,
                services::all,
                new Environment(references, allocatable),
                new PodMetrics(metrics, config.nodeName()));
        var place = new PodAgent.Place(
                config.address(), config.clusterDomain(), facts.memory(), hasSeccomp(), dirs, node::node);
        var pods = PodAgent.of(ports, place, node::wake, time, life);
        node.start(life);
        services.awaitSync();
        pods.follow(bound);
        return new Agent(life, node, pods);
    }

    /// The pods of this node, with the status they are in.
    public List<Pod> pods() {
        return pods.pods();
    }

    /// Whether the API has heard that the node is ready.
    public boolean isReady() {
        return node.isReady();
    }

    @Override
    public void close() {
        life.close();
    }

    private static boolean hasSeccomp() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().anyMatch(line -> line.startsWith("Seccomp:"));
    }
}
