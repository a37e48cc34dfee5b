package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a security context means to the processes in a container, seen from inside of them.
@ExtendWith(Cluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecurityStory {
    private static final Duration SOON = Duration.ofSeconds(60);
    /// Argument of a process that this story finds again from outside.
    private static final String MARK = "918273";

    private Cluster cluster;
    private Namespace namespace;
    private Kubectl kubectl;

    @BeforeAll
    void begin(Cluster shared) {
        cluster = shared;
        cluster.buildBusybox();
        namespace = Namespace.create(cluster);
        kubectl = namespace.kubectl();
        kubectl.run("create", "secret", "generic", "crown", "--from-literal=jewel=red");
        kubectl.until(SOON, "default", "get", "serviceaccounts");
        kubectl.apply(pod("locked", """
                  automountServiceAccountToken: false
                  securityContext:
                    runAsUser: 1001
                    runAsGroup: 2002
                    supplementalGroups: [3003]
                    fsGroup: 4004
                    sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: "81"}]
                  volumes:
                  - {name: room, emptyDir: {}}
                  - {name: crown, secret: {secretName: crown}}
                """, """
                    securityContext:
                      readOnlyRootFilesystem: true
                      allowPrivilegeEscalation: false
                      capabilities: {drop: [ALL]}
                      seccompProfile: {type: RuntimeDefault}
                    volumeMounts:
                    - {name: room, mountPath: /room}
                    - {name: crown, mountPath: /crown}
                """));
        kubectl.apply(pod("plain", "", ""));
        kubectl.apply(pod("chosen", "", """
                    securityContext: {capabilities: {drop: [ALL], add: [NET_ADMIN]}}
                """));
        kubectl.apply(pod("strong", "  hostNetwork: true\n  hostPID: true\n  hostIPC: true\n", """
                    securityContext: {privileged: true}
                """));
        kubectl.apply(pod("citizen", """
                  volumes:
                  - {name: kubectl, hostPath: {path: %s, type: File}}
                """.formatted(kubectl.binary().path()), """
                    volumeMounts: [{name: kubectl, mountPath: /bin/kubectl, readOnly: true}]
                """));
        kubectl.run(
                "wait",
                "--for=condition=Ready",
                "pod/citizen",
                "pod/locked",
                "pod/plain",
                "pod/chosen",
                "pod/strong",
                "--timeout=90s");
    }

    @AfterAll
    void end() {
        namespace.close();
    }

    private static String pod(String name, String ofPod, String ofContainer) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  terminationGracePeriodSeconds: 0
                """.formatted(name)
                + ofPod
                + """
                  containers:
                  - name: main
                    image: %s
                    command: [sleep, "%s"]
                """.formatted(Web.IMAGE, name.equals("plain") ? MARK : "1000")
                + ofContainer;
    }

    private String inside(String pod, String command) {
        return kubectl.run("exec", pod, "--", "sh", "-c", command).strip();
    }

    /// What the kernel says of the container's first process, by its own names.
    private Map<String, String> status(String pod) {
        var status = new TreeMap<String, String>();
        for (var line : inside(pod, "cat /proc/1/status").lines().toList()) {
            int colon = line.indexOf(':');
            status.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return status;
    }

    @Test
    void aContainerRunsAsTheUserAndTheGroupsOfItsPod() {
        var status = status("locked");
        assertThat(status.get("Uid")).isEqualTo("1001\t1001\t1001\t1001");
        assertThat(status.get("Gid")).isEqualTo("2002\t2002\t2002\t2002");
        assertThat(status.get("Groups").split(" ")).contains("3003", "4004");
        assertThat(status("plain").get("Uid")).isEqualTo("0\t0\t0\t0");
    }

    @Test
    void volumesBelongToTheGroupOfTheirPod() {
        assertThat(inside("locked", "stat -c %g /room")).isEqualTo("4004");
        assertThat(inside("locked", "touch /room/mine && stat -c '%u %g' /room/mine"))
                .isEqualTo("1001 4004");
        assertThat(inside("locked", "stat -L -c '%g %a' /crown/jewel")).isEqualTo("4004 644");
        assertThat(inside("locked", "cat /crown/jewel")).isEqualTo("red");
    }

    @Test
    void capabilitiesAreThoseThatAreLeft() {
        assertThat(status("locked")).containsEntry("CapEff", "0000000000000000").containsEntry("NoNewPrivs", "1");
        assertThat(status("chosen")).containsEntry("CapEff", "0000000000001000");
        assertThat(status("plain")).containsEntry("CapEff", "00000000a80425fb").containsEntry("NoNewPrivs", "0");
    }

    @Test
    void systemCallsAreFilteredWhereThePodAsksForIt() {
        assertThat(status("locked")).containsEntry("Seccomp", "2");
        assertThat(status("plain")).containsEntry("Seccomp", "0");
    }

    @Test
    void theRootFileSystemCanBeClosed() {
        var attempt = kubectl.attempt("exec", "locked", "--", "touch", "/here");
        assertThat(attempt.code()).isNotZero();
        assertThat(attempt.err()).contains("Read-only file system");
        inside("plain", "touch /here");
    }

    @Test
    void partsOfProcAreHiddenFromThoseWithoutPrivileges() {
        assertThat(inside("plain", "head -c 8 /proc/kcore | wc -c")).isEqualTo("0");
        assertThat(kubectl.attempt("exec", "plain", "--", "sh", "-c", "echo 1 > /proc/sys/kernel/panic")
                        .code())
                .isNotZero();
    }

    @Test
    void safeKernelParametersAreThePodsOwn() {
        assertThat(inside("locked", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start"))
                .isEqualTo("81");
    }

    @Test
    void otherKernelParametersAreRefused() {
        kubectl.apply(pod("reckless", "  securityContext: {sysctls: [{name: kernel.msgmax, value: \"9000\"}]}\n", ""));
        kubectl.until(SOON, "SysctlForbidden", "get", "pod", "reckless", "-o", "jsonpath={.status}");
        assertThat(kubectl.run("get", "pod", "reckless", "-o", "jsonpath={.status.phase}"))
                .isEqualTo("Failed");
    }

    @Test
    void aPodWithPrivilegesHasAllOfThemAndTheNamespacesOfTheHost() {
        assertThat(status("strong").get("CapEff")).isEqualTo(allCapabilities());
        for (var kind : new String[] {"net", "pid", "ipc"}) {
            String own = "readlink /proc/self/ns/" + kind;
            assertThat(inside("strong", own)).as(kind).isEqualTo(onHost("sh", "-c", own));
            assertThat(inside("plain", own)).as(kind).isNotEqualTo(onHost("sh", "-c", own));
        }
    }

    /// Every one that this kernel knows.
    private static String allCapabilities() {
        long last = Long.parseLong(onHost("cat", "/proc/sys/kernel/cap_last_cap"));
        return "%016x".formatted((1L << (last + 1)) - 1);
    }

    @Test
    void aNodeThatCannotLeaveOutTheGroupsOfAnImageSaysSo() {
        String supported = kubectl.run("get", "nodes", "-o", "jsonpath={.items[0].status.features}");
        assertThat(supported).doesNotContain("\"supplementalGroupsPolicy\":true");
        kubectl.apply(pod("strict", "  securityContext: {supplementalGroupsPolicy: Strict}\n", ""));
        kubectl.until(SOON, "SupplementalGroupsPolicyNotSupported", "get", "pod", "strict", "-o", "jsonpath={.status}");
    }

    @Test
    void anImageOfRootDoesNotRunWhereRootIsForbidden() {
        kubectl.apply(pod("humble", "  securityContext: {runAsNonRoot: true}\n", ""));
        String status = kubectl.until(
                SOON,
                "CreateContainerConfigError",
                "get",
                "pod",
                "humble",
                "-o",
                "jsonpath={.status.containerStatuses[0].state.waiting}");
        assertThat(status).contains("container has runAsNonRoot and image will run as root");
    }

    @Test
    void aPodHasATokenUnlessItWantsNone() {
        String token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
        assertThat(inside("plain", "cat " + token)).contains(".");
        assertThat(kubectl.attempt("exec", "locked", "--", "cat", token).code()).isNotZero();
    }

    @Test
    void aPodFindsTheApiAndIsKnownThereByItsAccount() {
        assertThat(inside("citizen", "kubectl auth whoami -o jsonpath={.status.userInfo.username}"))
                .isEqualTo("system:serviceaccount:" + namespace.name() + ":default");
        var refused = kubectl.attempt("exec", "citizen", "--", "kubectl", "get", "pods");
        assertThat(refused.code()).isNotZero();
        assertThat(refused.err())
                .contains("User \"system:serviceaccount:" + namespace.name()
                        + ":default\" cannot list resource \"pods\"");
        kubectl.run(
                "create",
                "rolebinding",
                "citizens",
                "--clusterrole=view",
                "--serviceaccount=" + namespace.name() + ":default");
        assertThat(inside("citizen", "kubectl get pods -o name")).contains("pod/citizen");
        assertThat(kubectl.attempt("exec", "citizen", "--", "kubectl", "get", "secrets")
                        .code())
                .isNotZero();
        assertThat(inside("citizen", "kubectl get configmap kube-root-ca.crt -o jsonpath='{.data.ca\\.crt}'"))
                .isEqualTo(inside("citizen", "cat /var/run/secrets/kubernetes.io/serviceaccount/ca.crt"));
    }

    @Test
    void aPodGetsNothingFromTheNodesOwnServer() throws Exception {
        String node = kubectl.run("get", "pod", "plain", "-o", "jsonpath={.status.hostIP}");
        String token = inside("plain", "cat /var/run/secrets/kubernetes.io/serviceaccount/token");
        for (var path : new String[] {"/pods", "/metrics", "/containerLogs/" + namespace.name() + "/locked/main"}) {
            String url = "https://" + node + ":10250" + path;
            assertThat(fromPod("curl -sk -m 20 -o /dev/null -w '%{http_code}' " + url))
                    .as(path)
                    .isEqualTo("401");
            assertThat(fromPod("curl -sk -m 20 -o /dev/null -w '%{http_code}' -H 'Authorization: Bearer " + token + "' "
                            + url))
                    .as(path)
                    .isEqualTo("403");
        }
        // the node's server asks the API server about each caller, and that is logged
        assertThat(Files.readAllLines(cluster.data().resolve("log/audit.log")))
                .anyMatch(line -> line.contains("\"resource\":\"subjectaccessreviews\"")
                        && line.contains("\"username\":\"system:node:")
                        && line.contains("\"code\":201"));
    }

    /// A command of the host in the network of the pod `plain`.
    private static String fromPod(String command) {
        String pid = onHost("pgrep", "-nfx", "sleep " + MARK);
        return onHost("nsenter", "--net", "--target", pid, "sh", "-c", command);
    }

    private static String onHost(String... command) {
        return Run.of(Duration.ofSeconds(60), command).ok().out().strip();
    }
}
