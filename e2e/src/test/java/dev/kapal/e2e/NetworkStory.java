package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// How workloads find and reach each other.
@ExtendWith(Cluster.class)
class NetworkStory {
    private static final Duration SOON = Duration.ofSeconds(60);

    private Namespace namespace;
    private Kubectl kubectl;

    @BeforeEach
    void begin(Cluster cluster) {
        cluster.buildBusybox();
        namespace = Namespace.create(cluster);
        kubectl = namespace.kubectl();
        kubectl.apply(Web.deployment(2, "v1"));
        kubectl.apply(Web.service());
        kubectl.apply(Web.shell("client"));
        kubectl.run("rollout", "status", "deployment/web", "--timeout=60s");
        kubectl.run("wait", "--for=condition=Ready", "pod/client", "--timeout=60s");
    }

    @AfterEach
    void end() {
        namespace.close();
    }

    @Test
    void aServiceIsFoundByItsNameAndSpreadsOverItsPods() {
        kubectl.until(
                SOON,
                "v1 web-",
                "exec",
                "client",
                "--",
                "timeout",
                "2",
                "wget",
                "-q",
                "-O",
                "-",
                "http://web/index.html");
        String answers = inClient("for i in $(seq 30); do timeout 2 wget -q -O - http://web." + namespace.name()
                + ".svc.cluster.local/index.html; done");
        assertThat(answers.lines().distinct()).hasSize(2);
        assertThat(inClient("cat /etc/resolv.conf"))
                .contains(
                        "nameserver 10.96.0.10",
                        "search " + namespace.name() + ".svc.cluster.local svc.cluster.local cluster.local",
                        "options ndots:5");
        assertThat(inClient("nslookup kubernetes.default.svc.cluster.local")).contains("10.96.0.1");
    }

    @Test
    void aPodReachesItselfThroughItsService() {
        kubectl.run("scale", "deployment/web", "--replicas=1");
        Patience.until(
                SOON,
                () -> kubectl.run("get", "endpoints", "web", "--no-headers"),
                line -> !line.contains(","),
                "one endpoint");
        // Not any pod: one that is on its way out still runs, but is no endpoint any more.
        String pod = kubectl.run("get", "endpoints", "web", "-o", "jsonpath={.subsets[0].addresses[0].targetRef.name}");
        assertThat(kubectl.run("exec", pod, "--", "timeout", "3", "wget", "-q", "-O", "-", "http://web/index.html"))
                .contains("v1 " + pod);
    }

    @Test
    void aNodePortAnswersOnTheNode() throws Exception {
        kubectl.run("patch", "service", "web", "-p", "{\"spec\":{\"type\":\"NodePort\"}}");
        String port = kubectl.run("get", "service", "web", "-o", "jsonpath={.spec.ports[0].nodePort}");
        assertThat(Integer.parseInt(port)).isBetween(30000, 32767);
        String node = kubectl.run("get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}");
        Patience.until(
                SOON,
                () -> visit("http://" + node + ":" + port + "/index.html"),
                answer -> answer.startsWith("v1 "),
                "the node port answers");
    }

    @Test
    void aServiceWithoutEndpointsRefusesAtOnce() {
        kubectl.run("create", "service", "clusterip", "nobody", "--tcp=80:80");
        String address = kubectl.run("get", "service", "nobody", "-o", "jsonpath={.spec.clusterIP}");
        String refused = Patience.until(
                SOON,
                () -> inClient("timeout 5 wget -O - http://" + address + "/ 2>&1 || true"),
                answer -> answer.contains("refused"),
                "refused");
        assertThat(refused).doesNotContain("timed out");
    }

    @Test
    void handWrittenEndpointsAreHonoured() {
        String target = kubectl.run("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[0].status.podIP}");
        kubectl.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: elsewhere}
                spec: {ports: [{port: 80}]}
                ---
                apiVersion: v1
                kind: Endpoints
                metadata: {name: elsewhere}
                subsets:
                - addresses: [{ip: %s}]
                  ports: [{port: 8080}]
                """.formatted(target));
        kubectl.until(
                SOON,
                "v1 web-",
                "exec",
                "client",
                "--",
                "timeout",
                "2",
                "wget",
                "-q",
                "-O",
                "-",
                "http://elsewhere/index.html");
    }

    @Test
    void aHeadlessServiceNamesItsPods() {
        kubectl.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: heads}
                spec: {clusterIP: None, selector: {app: web}, ports: [{name: http, port: 8080}]}
                """);
        String addresses = kubectl.run("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].status.podIP}");
        String answer = Patience.until(
                SOON,
                () -> inClient("nslookup heads." + namespace.name() + ".svc.cluster.local || true"),
                text -> text.contains(addresses.split(" ")[0]),
                "the pods' addresses");
        assertThat(answer).contains(addresses.split(" "));
    }

    private String inClient(String script) {
        return kubectl.run("exec", "client", "--", "sh", "-c", script);
    }

    private static String visit(String address) {
        try {
            return Visitors.get(URI.create(address));
        } catch (IOException notYet) {
            return notYet.toString();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
