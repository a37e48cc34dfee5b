package dev.kapal.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.Await;
import dev.kapal.agent.containerd.TestNode;
import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.env.Environment;
import dev.kapal.agent.image.BusyboxImage;
import dev.kapal.agent.volume.NodeVolumes;
import dev.kapal.agent.volume.TokenRequests;
import dev.kapal.agent.volume.WatchedReferences;
import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.linux.Cgroups;
import dev.kapal.linux.Mounts;
import dev.kapal.linux.ProcessExits;
import dev.kapal.testkit.MachineOfItsOwn;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Real workers, volumes and cgroups over a real containerd; only the API server is a fake.
@Tag("containerd")
@ExtendWith(MachineOfItsOwn.class)
class PodsOnContainerdTest {
    @TempDir
    static Path directory;

    private static TestNode node;

    private final Time time = Time.system();
    private final FakeApi api = new FakeApi();
    private final Map<String, String> settings = new ConcurrentHashMap<>(Map.of("color", "blue"));
    private final PodDirs dirs = new PodDirs(directory.resolve("agent"), directory.resolve("logs"));
    private Life life;
    private PodWorkers workers;
    private NodeVolumes volumes;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    @BeforeEach
    void boot() throws Exception {
        api.onDelete(pod -> workers.remove(pod));
        boot(List.of());
    }

    private void boot(List<Pod> pods) throws Exception {
        life = new Life("node");
        var allocatable = Map.of("cpu", new Quantity("2"), "memory", new Quantity("4Gi"));
        TokenRequests tokens = (pod, audience, ttl) ->
                new TokenRequests.Token("a-token", time.instant().plus(ttl));
        volumes = new NodeVolumes(dirs, Mounts.system(), references(), tokens, allocatable, time);
        var tools = Workbench.tools(
                node.runtime(),
                api,
                volumes,
                new KernelCgroups(Cgroups.detect()),
                new KernelExits(Cgroups.detect(), life.own(ProcessExits.start())),
                new Environment(references(), allocatable),
                dirs,
                time,
                life);
        workers = new PodWorkers(tools, () -> {});
        workers.begin(pods);
    }

    @AfterEach
    void close() {
        life.close();
    }

    @Test
    void aPodSeesItsSpecAndLeavesNothingBehind() throws Exception {
        var pod = pod("whole", "trap 'exit 0' TERM; while true; do sleep 0.1; done")
                .editSpec()
                .withHostname("shop")
                .withNewSecurityContext()
                .withRunAsUser(1000L)
                .withFsGroup(2000L)
                .endSecurityContext()
                .addNewInitContainer()
                .withName("setup")
                .withImage(BusyboxImage.REFERENCE)
                .withCommand("sh", "-c", "echo prepared > /scratch/file")
                .addNewVolumeMount()
                .withName("scratch")
                .withMountPath("/scratch")
                .endVolumeMount()
                .endInitContainer()
                .editContainer(0)
                .addNewEnv()
                .withName("COLOR")
                .withNewValueFrom()
                .withNewConfigMapKeyRef("color", "settings", false)
                .endValueFrom()
                .endEnv()
                .withNewResources()
                .addToLimits("memory", new Quantity("64Mi"))
                .addToLimits("cpu", new Quantity("500m"))
                .endResources()
                .addNewVolumeMount()
                .withName("scratch")
                .withMountPath("/scratch")
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("settings")
                .withMountPath("/settings")
                .endVolumeMount()
                .endContainer()
                .addNewVolume()
                .withName("scratch")
                .withNewEmptyDir()
                .withMedium("Memory")
                .endEmptyDir()
                .endVolume()
                .addNewVolume()
                .withName("settings")
                .withNewConfigMap()
                .withName("settings")
                .endConfigMap()
                .endVolume()
                .endSpec()
                .build();
        var uid = run(pod);
        var running = await(uid, Pods::isReady);
        assertThat(running.getStatus().getQosClass()).isEqualTo("Burstable");
        assertThat(exec(running, "hostname; cat /scratch/file; cat /settings/color; echo; echo $COLOR; id -u; id -G"))
                .isEqualTo("shop\nprepared\nblue\nblue\n1000\n0 2000\n");
        assertThat(exec(running, "grep shop /etc/hosts; grep -c . /etc/resolv.conf"))
                .isEqualTo(running.getStatus().getPodIP() + "\tshop\n2\n");
        var cgroups = Cgroups.detect();
        var group = Qos.BURSTABLE.cgroupOf(uid);
        assertThat(cgroups.processes(group)).isNotEmpty();

        settings.put("color", "red");
        workers.wakeAll();
        Await.until(
                "the changed file", () -> exec(running, "cat /settings/color").equals("red"));

        delete(uid);
        await(uid, gone -> gone == null);
        assertThat(Mounts.system().under(dirs.pods())).isEmpty();
        assertThat(cgroups.processes(group)).isEmpty();
        Await.until("no files", () -> !Files.exists(dirs.pods().resolve(uid)));
    }

    @Test
    void aContainerThatDiesIsReplacedAndAnAgentThatDiesIsNot() throws Exception {
        var uid = run(pod("steady", "echo last words > /dev/termination-log; sleep 1000")
                .build());
        var first = await(uid, Pods::isReady);
        node.runtime().stopContainer(id(first), Duration.ZERO);
        var second =
                await(uid, pod -> Pods.isReady(pod) && Pods.status(pod, "main").getRestartCount() == 1);
        var last = Pods.status(second, "main").getLastState().getTerminated();
        assertThat(last.getExitCode()).isEqualTo(137);
        assertThat(last.getMessage()).isEqualTo("last words\n");

        int writes = api.history().size();
        life.close();
        boot(List.of(second));
        delete(uid);
        await(uid, gone -> gone == null);
        assertThat(api.history().subList(writes, api.history().size()))
                .isNotEmpty()
                .allSatisfy(pod -> {
                    assertThat(id(pod)).isEqualTo(id(second));
                    assertThat(Pods.status(pod, "main").getRestartCount()).isEqualTo(1);
                });
    }

    @Test
    void aContainerOverItsMemoryLimitIsOomKilled() throws Exception {
        var uid = run(pod("greedy", "sleep 0.2; tail /dev/zero")
                .editSpec()
                .withRestartPolicy("Never")
                .editContainer(0)
                .withNewResources()
                .addToLimits("memory", new Quantity("20Mi"))
                .endResources()
                .endContainer()
                .endSpec()
                .build());
        var failed = await(
                uid,
                pod -> pod.getStatus() != null
                        && "Failed".equals(pod.getStatus().getPhase()));
        assertThat(Pods.status(failed, "main").getState().getTerminated().getReason())
                .isEqualTo("OOMKilled");
        delete(uid);
        await(uid, gone -> gone == null);
    }

    @Test
    void aCommandThatIsNotThereIsARunContainerErrorAndThenACrashLoop() throws Exception {
        var uid = run(pod("wrong", "")
                .editSpec()
                .editContainer(0)
                .withCommand("/no/such/program")
                .endContainer()
                .endSpec()
                .build());
        var waiting = await(
                uid,
                pod -> pod.getStatus() != null
                        && !pod.getStatus().getContainerStatuses().isEmpty()
                        && Pods.waiting(pod, "main").equals("CrashLoopBackOff"));
        assertThat(api.history()).anyMatch(pod -> Pods.waiting(pod, "main").equals("RunContainerError"));
        assertThat(Pods.status(waiting, "main").getLastState().getTerminated().getExitCode())
                .isEqualTo(128);
        delete(uid);
        await(uid, gone -> gone == null);
        Await.until(
                "no container",
                () -> node.runtime().listContainers(ContainerFilter.getDefaultInstance()).stream()
                        .noneMatch(
                                container -> uid.equals(container.getLabelsMap().get(Labels.POD_UID))));
    }

    private String run(Pod pod) {
        workers.put(api.add(pod));
        return pod.getMetadata().getUid();
    }

    private void delete(String uid) {
        var deleted = api.get(uid)
                .edit()
                .editMetadata()
                .withDeletionTimestamp(time.instant().toString())
                .withDeletionGracePeriodSeconds(1L)
                .endMetadata()
                .build();
        workers.put(api.add(deleted));
    }

    private Pod await(String uid, Predicate<Pod> wanted) throws InterruptedException {
        return api.await(uid, wanted, () -> {});
    }

    private String exec(Pod pod, String script) throws InterruptedException {
        return node.runtime()
                .execSync(id(pod), List.of("sh", "-c", script), Duration.ofSeconds(10))
                .getStdout()
                .toStringUtf8();
    }

    private static String id(Pod pod) {
        return Pods.status(pod, "main").getContainerID().substring("containerd://".length());
    }

    private static PodBuilder pod(String name, String script) {
        return Pods.empty(name)
                .editMetadata()
                .withUid(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                        .toString())
                .endMetadata()
                .editSpec()
                .addNewContainer()
                .withName("main")
                .withImage(BusyboxImage.REFERENCE)
                .withCommand("sh", "-c", script)
                .withTerminationMessagePath("/dev/termination-log")
                .endContainer()
                .endSpec();
    }

    private WatchedReferences references() {
        return new WatchedReferences() {
            @Override
            public void follow(Pod pod, Runnable onChange) {
                // the tests say when to look again
            }

            @Override
            public void forget(String uid) {
                // nothing is followed
            }

            @Override
            public List<ClusterTrustBundle> trustBundles() {
                return List.of();
            }

            @Override
            public Optional<ConfigMap> configMap(String namespace, String name) {
                return Optional.of(
                        new ConfigMapBuilder().withData(Map.copyOf(settings)).build());
            }

            @Override
            public Optional<Secret> secret(String namespace, String name) {
                return Optional.empty();
            }
        };
    }
}
