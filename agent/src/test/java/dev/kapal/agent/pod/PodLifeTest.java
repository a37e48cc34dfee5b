package dev.kapal.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.cri.v1.NamespaceMode;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.agent.cri.v1.UserNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodLifeTest {
    @TempDir
    Path directory;

    private FakeNode node;

    @BeforeEach
    void boot() {
        node = new FakeNode(directory);
    }

    @AfterEach
    void shutDown() {
        node.close();
    }

    @Test
    void aPodGoesFromPendingToReadyAndIsGoneAfterItsDeletion() throws Exception {
        node.run(Pods.pod("web").build());
        var running = node.await("uid-web", Pods::isReady);
        assertThat(running.getStatus().getPhase()).isEqualTo("Running");
        assertThat(running.getStatus().getPodIP()).startsWith("10.244.0.");
        assertThat(running.getStatus().getHostIP()).isEqualTo("192.0.2.1");
        assertThat(running.getStatus().getQosClass()).isEqualTo("BestEffort");
        assertThat(running.getStatus().getObservedGeneration()).isEqualTo(1);
        assertThat(Pods.status(running, "main").getRestartCount()).isZero();
        assertThat(Pods.status(running, "main").getContainerID()).startsWith("containerd://");
        assertThat(node.api.events())
                .contains("Normal Created Created container: main", "Normal Started Started container main");

        node.delete("uid-web", 30);
        node.awaitGone("uid-web");
        assertThat(node.api.events()).contains("Normal Killing Stopping container main");
        var last = node.api.history().getLast();
        assertThat(last.getStatus().getPhase()).isEqualTo("Failed");
        assertThat(Pods.status(last, "main").getState().getTerminated().getExitCode())
                .isEqualTo(143);
        assertThat(node.volumes.mounted).isEmpty();
    }

    private static Pod ownUsers(String name) {
        return Pods.pod(name).editSpec().withHostUsers(false).endSpec().build();
    }

    @Test
    void aPodThatShallNotHaveTheMachinesUsersWaitsForARuntimeThatCan() throws Exception {
        node.run(ownUsers("web"));
        var refusal = "Warning FailedCreatePodSandBox Failed to create pod sandbox: can't set `spec.hostUsers: false`,"
                + " runtime does not support user namespaces";
        node.await("uid-web", pod -> node.api.events().contains(refusal));
        node.runtime.supportUserNamespaces();
        node.await("uid-web", Pods::isReady);
        node.run(ownUsers("db"));
        node.await("uid-db", Pods::isReady);
        var web = users("web");
        var db = users("db");
        assertThat(web.getMode()).isEqualTo(NamespaceMode.POD);
        assertThat(web.getUids(0).getLength()).isEqualTo(65_536);
        assertThat(web.getGidsList()).isEqualTo(web.getUidsList());
        assertThat(List.of(web.getUids(0).getHostId(), db.getUids(0).getHostId()))
                .containsExactlyInAnyOrder(65_536, 131_072);
    }

    /// Whom the pod's sandbox and all of its containers run as.
    private UserNamespace users(String pod) throws Exception {
        var sandbox = node.runtime.listPodSandboxes(PodSandboxFilter.getDefaultInstance()).stream()
                .filter(one -> one.getMetadata().getName().equals(pod))
                .findFirst()
                .orElseThrow();
        var users = node.runtime
                .sandboxConfig(sandbox.getId())
                .getLinux()
                .getSecurityContext()
                .getNamespaceOptions()
                .getUsernsOptions();
        for (var container : node.runtime.listContainers(ContainerFilter.getDefaultInstance())) {
            if (container.getPodSandboxId().equals(sandbox.getId())) {
                var config = node.runtime.config(container.getId());
                assertThat(config.getLinux()
                                .getSecurityContext()
                                .getNamespaceOptions()
                                .getUsernsOptions())
                        .isEqualTo(users);
                assertThat(config.getMountsList())
                        .allMatch(mount -> mount.getUidMappingsList().equals(users.getUidsList()));
            }
        }
        return users;
    }

    @Test
    void thePhasesThatWatchersSeeNeverGoBack() throws Exception {
        node.run(Pods.pod("web").editSpec().withRestartPolicy("Never").endSpec().build());
        node.awaitPhase("uid-web", "Running");
        node.runtime.exit(node.runtime.find("main").orElseThrow(), 0);
        node.awaitPhase("uid-web", "Succeeded");
        var order = List.of("Pending", "Running", "Succeeded");
        var seen = node.api.history().stream()
                .map(pod -> order.indexOf(pod.getStatus().getPhase()))
                .toList();
        assertThat(seen).isSorted();
    }

    @Test
    void aContainerThatCrashesRestartsAtOnceAndThenBacksOff() throws Exception {
        node.runtime.exitsOnStart("main", 1, 1);
        node.run(Pods.pod("web").build());
        var backingOff = node.await(
                "uid-web",
                pod -> pod.getStatus() != null && Pods.waiting(pod, "main").equals("CrashLoopBackOff"));
        var status = Pods.status(backingOff, "main");
        assertThat(status.getState().getWaiting().getMessage())
                .isEqualTo("back-off 10s restarting failed container=main pod=web_default(uid-web)");
        assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(1);
        assertThat(status.getRestartCount()).isEqualTo(1);
        assertThat(backingOff.getStatus().getPhase()).isEqualTo("Running");
        assertThat(Pods.condition(backingOff, "Ready").getMessage())
                .isEqualTo("containers with unready status: [main]");
        var ended = Timestamps.parse(status.getLastState().getTerminated().getFinishedAt());

        var again = node.await("uid-web", pod -> Pods.isRunning(pod, "main"));
        assertThat(Pods.status(again, "main").getRestartCount()).isEqualTo(2);
        assertThat(Timestamps.parse(
                        Pods.status(again, "main").getState().getRunning().getStartedAt()))
                .isAfterOrEqualTo(ended.plusSeconds(10));
        assertThat(node.api.events())
                .contains("Warning BackOff Back-off restarting failed container main in pod web_default(uid-web)");
    }

    @Test
    void initContainersRunInOrderBeforeTheOthers() throws Exception {
        node.runtime.exitsOnStart("first", 0);
        node.run(Pods.pod("web")
                .editSpec()
                .addNewInitContainer()
                .withName("first")
                .withImage("demo:1")
                .endInitContainer()
                .addNewInitContainer()
                .withName("second")
                .withImage("demo:1")
                .endInitContainer()
                .endSpec()
                .build());
        var waiting = node.await(
                "uid-web",
                pod -> pod.getStatus() != null
                        && !pod.getStatus().getInitContainerStatuses().isEmpty()
                        && Pods.status(pod, "second").getState().getRunning() != null);
        assertThat(Pods.waiting(waiting, "main")).isEqualTo("PodInitializing");
        assertThat(Pods.condition(waiting, "Initialized").getMessage())
                .isEqualTo("containers with incomplete status: [second]");
        assertThat(waiting.getStatus().getPhase()).isEqualTo("Pending");
        node.runtime.exit(node.runtime.find("second").orElseThrow(), 0);
        assertThat(node.await("uid-web", Pods::isReady).getStatus().getPhase()).isEqualTo("Running");
    }

    @Test
    void aSidecarStartsBeforeAndEndsAfterTheOthers() throws Exception {
        node.run(Pods.pod("web")
                .editSpec()
                .withRestartPolicy("Never")
                .addNewInitContainer()
                .withName("proxy")
                .withImage("demo:1")
                .withRestartPolicy("Always")
                .endInitContainer()
                .endSpec()
                .build());
        node.await("uid-web", Pods::isReady);
        node.runtime.exit(node.runtime.find("main").orElseThrow(), 0);
        var done = node.awaitPhase("uid-web", "Succeeded");
        assertThat(Pods.status(done, "proxy").getState().getTerminated()).isNotNull();
        assertThat(node.api.events().indexOf("Normal Started Started container proxy"))
                .isLessThan(node.api.events().indexOf("Normal Started Started container main"));
    }

    @Test
    void aFailedInitContainerFailsAPodThatNeverRestarts() throws Exception {
        node.runtime.exitsOnStart("setup", 3);
        node.run(Pods.pod("web")
                .editSpec()
                .withRestartPolicy("Never")
                .addNewInitContainer()
                .withName("setup")
                .withImage("demo:1")
                .endInitContainer()
                .endSpec()
                .build());
        var failed = node.awaitPhase("uid-web", "Failed");
        assertThat(Pods.waiting(failed, "main")).isEqualTo("PodInitializing");
        assertThat(Pods.status(failed, "setup").getState().getTerminated().getExitCode())
                .isEqualTo(3);
    }

    @Test
    void aRestartOfTheAgentChangesNothingForRunningContainers() throws Exception {
        node.runtime.exitsOnStart("main", 1);
        node.run(Pods.pod("web").build());
        var before = node.await("uid-web", Pods::isReady);
        int writes = node.api.history().size();

        node.restart(before);
        node.time.awaitSleepers(1);
        node.delete("uid-web", 30);
        node.awaitGone("uid-web");
        var after = node.api.history().subList(writes, node.api.history().size());
        assertThat(after).allSatisfy(pod -> {
            assertThat(Pods.status(pod, "main").getContainerID())
                    .isEqualTo(Pods.status(before, "main").getContainerID());
            assertThat(Pods.status(pod, "main").getRestartCount()).isEqualTo(1);
        });
    }

    @Test
    void whatTheApiForgotWhileTheAgentWasAwayIsRemoved() throws Exception {
        node.run(Pods.pod("web").build());
        node.await("uid-web", Pods::isReady);
        node.run(Pods.pod("other").build());
        var other = node.await("uid-other", Pods::isReady);
        node.restart(other);
        node.await(
                "uid-web",
                pod ->
                        node
                                .runtime
                                .listPodSandboxes(dev.kapal.agent.cri.v1.PodSandboxFilter.getDefaultInstance())
                                .stream()
                                .noneMatch(sandbox ->
                                        sandbox.getMetadata().getUid().equals("uid-web")));
        assertThat(node.runtime.find("main")).isPresent();
    }

    @Test
    void aMissingConfigMapIsWaitedFor() throws Exception {
        node.run(Pods.empty("web")
                .editSpec()
                .addNewContainer()
                .withName("main")
                .withImage("demo:1")
                .addNewEnv()
                .withName("COLOR")
                .withNewValueFrom()
                .withNewConfigMapKeyRef("color", "settings", false)
                .endValueFrom()
                .endEnv()
                .endContainer()
                .endSpec()
                .build());
        var waiting = node.await(
                "uid-web",
                pod -> pod.getStatus() != null && Pods.waiting(pod, "main").equals("CreateContainerConfigError"));
        assertThat(Pods.status(waiting, "main").getState().getWaiting().getMessage())
                .isEqualTo("configmap \"settings\" not found");
        assertThat(node.api.events()).contains("Warning Failed Error: configmap \"settings\" not found");
        node.setConfig("color", "blue");
        node.await("uid-web", Pods::isReady);
    }

    @Test
    void aVolumeThatCannotBeMountedIsSaidAndTriedAgain() throws Exception {
        node.volumes.fail("configmap \"y\" not found");
        node.run(Pods.pod("web").build());
        node.await(
                "uid-web",
                pod -> node.api
                        .events()
                        .contains("Warning FailedMount MountVolume.SetUp failed for volume \"data\" : "
                                + "configmap \"y\" not found"));
        node.volumes.fail("");
        node.await("uid-web", Pods::isReady);
    }

    @Test
    void aPodThatDoesNotFitIsRejected() throws Exception {
        node.run(Pods.empty("web")
                .editSpec()
                .addNewContainer()
                .withName("main")
                .withImage("demo:1")
                .withNewResources()
                .addToRequests("cpu", new Quantity("3"))
                .endResources()
                .endContainer()
                .endSpec()
                .build());
        var rejected = node.awaitPhase("uid-web", "Failed");
        assertThat(rejected.getStatus().getReason()).isEqualTo("OutOfcpu");
        assertThat(rejected.getStatus().getContainerStatuses()).isEmpty();
        assertThat(rejected.getStatus().getMessage())
                .isEqualTo("Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 0, "
                        + "capacity: 2000");
    }

    @Test
    void aContainerThatIgnoresTheSignalIsKilledAfterItsGrace() throws Exception {
        node.runtime.ignoresTerm("main");
        node.run(Pods.pod("web").build());
        node.await("uid-web", Pods::isReady);
        var asked = node.time.instant();
        node.delete("uid-web", 5);
        node.awaitGone("uid-web");
        assertThat(node.time.instant()).isAfterOrEqualTo(asked.plusSeconds(5));
        assertThat(Pods.status(node.api.history().getLast(), "main")
                        .getState()
                        .getTerminated()
                        .getExitCode())
                .isEqualTo(137);
    }

    @Test
    void aPodPastItsDeadlineFails() throws Exception {
        node.run(Pods.pod("web")
                .editSpec()
                .withActiveDeadlineSeconds(20L)
                .endSpec()
                .build());
        node.awaitPhase("uid-web", "Running");
        var failed = node.awaitPhase("uid-web", "Failed");
        assertThat(failed.getStatus().getReason()).isEqualTo("DeadlineExceeded");
    }

    @Test
    void statusesAreWrittenOnceTheApiServerIsBack() throws Exception {
        node.api.down(true);
        node.run(Pods.pod("web").build());
        node.time.awaitSleepers(2);
        node.api.down(false);
        node.await("uid-web", Pods::isReady);
    }

    @Test
    void aPodThatWritesMoreThanItMayIsEvicted() throws Exception {
        node.run(Pods.pod("web").build());
        node.await("uid-web", Pods::isReady);
        node.volumes.overLimit = Optional.of("Usage of EmptyDir volume \"x\" exceeds the limit \"1Mi\". ");
        node.checkLimits();
        var failed = node.awaitPhase("uid-web", "Failed");
        assertThat(failed.getStatus().getReason()).isEqualTo("Evicted");
        assertThat(failed.getStatus().getMessage()).startsWith("Usage of EmptyDir volume");
        assertThat(node.api.events())
                .contains("Warning Evicted " + failed.getStatus().getMessage());
    }

    @Test
    void whatTheNodeControllerSaysOfASilentNodeIsSaidAgainRight() throws Exception {
        node.run(Pods.pod("web").build());
        var ready = node.await("uid-web", Pods::isReady);
        var silenced = ready.edit()
                .editStatus()
                .editMatchingCondition(condition -> "Ready".equals(condition.getType()))
                .withStatus("False")
                .withReason("NodeNotReady")
                .endCondition()
                .endStatus()
                .build();
        int writes = node.api.history().size();
        node.overwrite(silenced);
        node.await("uid-web", pod -> node.api.history().size() > writes);
        assertThat(Pods.isReady(node.api.get("uid-web"))).isTrue();
    }
}
