package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The README's tour, with every kubectl on this machine, without any flag.
@ExtendWith(Cluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TourStory {
    private Cluster cluster;

    @BeforeAll
    void begin(Cluster running) {
        cluster = running;
        cluster.buildBusybox();
    }

    List<Kubectl> kubectls() {
        return Kubectl.span(cluster.kubeconfig());
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void theToursCommandsWork(Kubectl anyVersion) {
        try (var namespace = Namespace.create(cluster)) {
            var kubectl = anyVersion.in(namespace.name());
            assertThat(kubectl.run("get", "nodes")).containsPattern(" Ready .* v1\\.34\\.0\\+kapal");
            assertThat(kubectl.run("version", "-o", "json")).contains("v1.34.0+kapal");
            kubectl.run(
                    "create",
                    "deployment",
                    "hello",
                    "--image=" + Web.IMAGE,
                    "--",
                    "sh",
                    "-c",
                    "trap 'exit 0' TERM; httpd -f -p 80 & wait");
            kubectl.run("rollout", "status", "deployment/hello", "--timeout=60s");
            kubectl.run("expose", "deployment/hello", "--port=80");
            assertThat(kubectl.run("get", "service", "hello")).contains("ClusterIP", "80/TCP");
            kubectl.run("scale", "deployment/hello", "--replicas=3");
            kubectl.run("rollout", "status", "deployment/hello", "--timeout=60s");
            assertThat(kubectl.run("get", "pods", "-o", "wide")).contains("Running", "10.244.");
            assertThat(kubectl.run("describe", "deployment", "hello")).contains("ScalingReplicaSet", "3 available");
            assertThat(kubectl.run("explain", "deployment.spec.strategy")).contains("rollingUpdate");
            assertThat(kubectl.run("api-resources")).contains("deployments", "configmaps");
            kubectl.feed(Web.service(), "apply", "-f", "-");
            assertThat(kubectl.feed(Web.service(), "apply", "-f", "-")).contains("unchanged");
        }
    }
}
