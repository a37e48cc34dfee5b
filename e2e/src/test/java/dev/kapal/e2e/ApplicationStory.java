package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// An application's days: it grows and shrinks, loses parts, gets new versions, good and bad ones.
@ExtendWith(Cluster.class)
class ApplicationStory {
    private static final Duration SOON = Duration.ofSeconds(60);

    private Namespace namespace;
    private Kubectl kubectl;

    @BeforeEach
    void begin(Cluster cluster) {
        cluster.buildBusybox();
        namespace = Namespace.create(cluster);
        kubectl = namespace.kubectl();
    }

    @AfterEach
    void end() {
        namespace.close();
    }

    @Test
    void scalesFromOneToEightToTwo() {
        kubectl.apply(Web.deployment(1, "v1"));
        kubectl.run("rollout", "status", "deployment/web", "--timeout=60s");
        kubectl.run("scale", "deployment/web", "--replicas=8");
        kubectl.run("rollout", "status", "deployment/web", "--timeout=60s");
        assertThat(kubectl.run("get", "deployment", "web", "--no-headers")).containsPattern("web +8/8 +8 +8 ");
        kubectl.run("scale", "deployment/web", "--replicas=2");
        Patience.until(SOON, this::pods, pods -> pods.size() == 2, "two pods are left");
        assertThat(kubectl.run("get", "deployment", "web", "--no-headers")).containsPattern("web +2/2 +2 +2 ");
    }

    @Test
    void restartsAContainerThatDies() {
        kubectl.apply(Web.shell("mortal"));
        kubectl.run("wait", "--for=condition=Ready", "pod/mortal", "--timeout=60s");
        // The trap in the shell ends with 0; restartPolicy Always starts it again all the same.
        kubectl.attempt("exec", "mortal", "--", "sh", "-c", "kill -TERM 1");
        kubectl.until(SOON, "1", "get", "pod", "mortal", "-o", "jsonpath={.status.containerStatuses[0].restartCount}");
        kubectl.run("wait", "--for=condition=Ready", "pod/mortal", "--timeout=60s");
        assertThat(kubectl.run(
                        "get",
                        "pod",
                        "mortal",
                        "-o",
                        "jsonpath={.status.containerStatuses[0].lastState.terminated.reason}"))
                .isEqualTo("Completed");
    }

    @Test
    void replacesAPodThatIsDeleted() {
        kubectl.apply(Web.deployment(2, "v1"));
        kubectl.run("rollout", "status", "deployment/web", "--timeout=60s");
        String victim = pods().getFirst();
        kubectl.run("delete", "pod", victim, "--wait=false");
        Patience.until(
                SOON,
                this::readyPods,
                ready -> ready.size() == 2 && !ready.contains(victim),
                "two pods are ready, none of them " + victim);
    }

    @Test
    void aRollingUpdateUnderLoadDropsNoRequest() throws Exception {
        kubectl.apply(Web.deployment(3, "v1"));
        kubectl.apply(Web.service());
        kubectl.run("rollout", "status", "deployment/web", "--timeout=60s");
        String address = kubectl.run("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
        kubectl.until(SOON, ",", "get", "endpoints", "web", "--no-headers");
        try (var visitors = Visitors.call("http://" + address + "/index.html")) {
            Patience.until(SOON, visitors::answers, answers -> answers.getOrDefault("v1", 0) > 20, "v1 answers");
            kubectl.run("set", "env", "deployment/web", "VERSION=v2");
            kubectl.run("rollout", "status", "deployment/web", "--timeout=90s");
            Patience.until(SOON, visitors::answers, answers -> answers.getOrDefault("v2", 0) > 20, "v2 answers");
            assertThat(visitors.stop()).isEmpty();
        }
    }

    @Test
    void aBrokenImageGetsStuckWhileMostStayUpAndIsUndone() {
        kubectl.apply(Web.deployment(10, "v1"));
        kubectl.run("rollout", "status", "deployment/web", "--timeout=90s");
        kubectl.run("set", "image", "deployment/web", "web=kapal.local/no-such-image:1");
        kubectl.until(SOON, "ImagePull", "get", "pods");
        // maxUnavailable 25 % of 10 rounds down to 2: eight stay.
        kubectl.until(SOON, "8", "get", "deployment", "web", "-o", "jsonpath={.status.availableReplicas}");
        assertThat(kubectl.attempt("rollout", "status", "deployment/web", "--timeout=3s")
                        .code())
                .isNotZero();
        assertThat(kubectl.run("get", "deployment", "web", "--no-headers")).containsPattern("web +8/10 +5 +8 ");
        kubectl.run("rollout", "undo", "deployment/web");
        kubectl.run("rollout", "status", "deployment/web", "--timeout=90s");
        assertThat(kubectl.run("get", "deployment", "web", "--no-headers")).containsPattern("web +10/10 +10 +10 ");
        assertThat(kubectl.run("rollout", "history", "deployment/web")).contains("2", "3");
    }

    private List<String> pods() {
        return kubectl.run("get", "pods", "-l", "app=web", "-o", "name")
                .lines()
                .map(name -> name.substring(4))
                .toList();
    }

    private List<String> readyPods() {
        return kubectl.run("get", "pods", "-l", "app=web", "--no-headers")
                .lines()
                .filter(line -> line.matches("\\S+ +1/1 +Running .*"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }
}
