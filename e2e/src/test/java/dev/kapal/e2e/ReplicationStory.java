package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.testkit.Conformance;
import java.net.URI;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pods that are kept in number, and what they say and serve.
@ExtendWith(Cluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicationStory {
    private static final Duration SOON = Duration.ofSeconds(60);

    private Cluster cluster;
    private Namespace namespace;
    private Kubectl kubectl;

    @BeforeAll
    void build(Cluster running) {
        cluster = running;
        cluster.buildBusybox();
    }

    @BeforeEach
    void begin() {
        namespace = Namespace.create(cluster);
        kubectl = namespace.kubectl();
    }

    @AfterEach
    void end() {
        namespace.close();
    }

    @ParameterizedTest
    @CsvSource({
        "v1, ReplicationController, '{app: web}'",
        "apps/v1, ReplicaSet, '{matchLabels: {app: web}}'",
    })
    @Conformance({"cli-kubectl-update-demo-create", "cli-kubectl-update-demo-scale", "apps-replicaset-serve-image"})
    void runsAsManyAsItIsToldAndEachServes(String version, String kind, String selector) throws Exception {
        kubectl.apply(Web.deployment(2, "v1")
                .replace("apiVersion: apps/v1", "apiVersion: " + version)
                .replace("kind: Deployment", "kind: " + kind)
                .replace("selector: {matchLabels: {app: web}}", "selector: " + selector));
        awaitRunning(2);
        for (var address : kubectl.run("get", "pods", "-o", "jsonpath={.items[*].status.podIP}")
                .split(" ")) {
            assertThat(Visitors.get(URI.create("http://" + address + ":8080/index.html")))
                    .startsWith("v1 web-");
        }

        kubectl.run("scale", kind.toLowerCase(Locale.ROOT), "web", "--replicas=1");
        awaitRunning(1);
        kubectl.run("scale", kind.toLowerCase(Locale.ROOT), "web", "--replicas=2");
        awaitRunning(2);
    }

    @Test
    @Conformance("cli-kubectl-logs-filter")
    void logsShowThePartThatIsAskedFor() {
        kubectl.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: talker}
                spec:
                  containers:
                  - name: main
                    image: %s
                    command: [sh, -c, "trap 'exit 0' TERM; n=0; while :; do n=$((n+1)); echo line $n; sleep 0.2 & wait; done"]
                """.formatted(Web.IMAGE));
        kubectl.until(SOON, "line 30\n", "logs", "talker");

        assertThat(kubectl.run("logs", "talker", "--tail=1")).matches("line [0-9]+\n");
        assertThat(kubectl.run("logs", "talker", "--limit-bytes=1")).isEqualTo("l");
        var stamped = kubectl.run("logs", "talker", "--tail=1", "--timestamps").split(" ", 2);
        assertThat(OffsetDateTime.parse(stamped[0]))
                .isBefore(OffsetDateTime.now().plusMinutes(1));
        assertThat(stamped[1]).matches("line [0-9]+\n");
        var lately = kubectl.run("logs", "talker", "--since=1s").lines().toList();
        var today = kubectl.run("logs", "talker", "--since=24h").lines().toList();
        assertThat(today).startsWith("line 1").hasSizeGreaterThanOrEqualTo(30);
        assertThat(lately).hasSizeLessThan(today.size() / 2);
        assertThat(today).containsAll(lately);
    }

    @Test
    @Conformance("cli-kubectl-guestbook")
    void aGuestbookKeepsWhatItsFrontendIsTold() {
        part("primary", 1, """
                printf '#!/bin/sh\\necho\\necho "$QUERY_STRING" > /tmp/entry\\n' > /www/cgi-bin/set
                printf '#!/bin/sh\\necho\\ncat /tmp/entry\\n' > /www/cgi-bin/get""");
        part("replica", 2, """
                printf '#!/bin/sh\\necho\\nwget -q -O - http://primary/cgi-bin/get\\n' > /www/cgi-bin/get""");
        part("frontend", 3, """
                printf '#!/bin/sh\\necho\\nwget -q -O - "http://primary/cgi-bin/set?$QUERY_STRING"\\n' > /www/cgi-bin/set
                printf '#!/bin/sh\\necho\\nwget -q -O - http://replica/cgi-bin/get\\n' > /www/cgi-bin/get""");
        for (var part : List.of("primary", "replica", "frontend")) {
            kubectl.run("rollout", "status", "deployment/" + part, "--timeout=90s");
        }
        var frontend =
                "http://" + kubectl.run("get", "service", "frontend", "-o", "jsonpath={.spec.clusterIP}") + "/cgi-bin/";
        Patience.until(
                SOON,
                () -> visit(frontend + "set?was-here"),
                answer -> visit(frontend + "get").equals("was-here"),
                "the entry");
        assertThat(visit(frontend + "get")).isEqualTo("was-here");
    }

    private static String visit(String address) {
        try {
            return Visitors.get(URI.create(address)).strip();
        } catch (Exception notYet) {
            return notYet.toString();
        }
    }

    /// A part of the guestbook: a web server with these programs, and its service.
    private void part(String name, int replicas, String programs) {
        kubectl.apply(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  replicas: %2$d
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      containers:
                      - name: main
                        image: %3$s
                        command:
                        - sh
                        - -c
                        - |
                          mkdir -p /www/cgi-bin
                %4$s
                          chmod +x /www/cgi-bin/*
                          trap 'exit 0' TERM
                          httpd -f -p 8080 -h /www & wait
                        readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s}
                spec: {selector: {app: %1$s}, ports: [{port: 80, targetPort: 8080}]}
                """.formatted(name, replicas, Web.IMAGE, programs.indent(10).stripTrailing()));
    }

    /// Waits until exactly so many pods are there, and all of them run and are ready.
    private void awaitRunning(int count) {
        Patience.until(
                SOON,
                () -> kubectl.run("get", "pods", "-l", "app=web", "--no-headers")
                        .lines()
                        .toList(),
                pods -> pods.size() == count && pods.stream().allMatch(pod -> pod.matches("\\S+ +1/1 +Running .*")),
                count + " running pods");
    }
}
