package dev.kapal.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.testkit.KubectlBinary;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a course of 2016 applies, with kubectls old and new.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OldManifestsTest {
    private static final String APPLICATION = """
            apiVersion: extensions/v1beta1
            kind: Deployment
            metadata: {name: worker}
            spec:
              replicas: 10
              template:
                metadata: {labels: {app: worker}}
                spec: {containers: [{name: worker, image: "dockercoins/worker:v0.1"}]}
            ---
            apiVersion: extensions/v1beta1
            kind: DaemonSet
            metadata: {name: rng}
            spec:
              template:
                metadata: {labels: {app: rng}}
                spec: {containers: [{name: rng, image: "dockercoins/rng:v0.1"}]}
            ---
            apiVersion: apps/v1beta1
            kind: StatefulSet
            metadata: {name: redis}
            spec:
              serviceName: redis
              template:
                metadata: {labels: {app: redis}}
                spec: {containers: [{name: redis, image: redis}]}
            ---
            apiVersion: extensions/v1beta1
            kind: Ingress
            metadata: {name: webui}
            spec:
              rules:
              - host: webui.example
                http: {paths: [{path: /, backend: {serviceName: webui, servicePort: 80}}]}
            ---
            apiVersion: batch/v1beta1
            kind: CronJob
            metadata: {name: backup}
            spec:
              schedule: "0 3 * * *"
              jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: b, image: b}]}}}}
            ---
            apiVersion: autoscaling/v2beta2
            kind: HorizontalPodAutoscaler
            metadata: {name: worker}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: worker}
              maxReplicas: 20
              metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
            """;

    private TestServer cluster;

    @BeforeAll
    void start() {
        cluster = TestServer.start();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    void apply(KubectlBinary kubectl) throws Exception {
        var namespace = "ns-" + System.nanoTime();
        cluster.kubectl(kubectl.path(), "", "create", "namespace", namespace);

        var applied = cluster.kubectl(kubectl.path(), APPLICATION, "-n", namespace, "apply", "-f", "-");

        assertThat(applied.status()).as(applied.err()).isZero();
        assertThat(applied.out())
                .contains("deployment.extensions/worker created")
                .contains("statefulset.apps/redis created")
                .contains("ingress.extensions/webui created");
        assertThat(applied.err())
                .contains("Warning: extensions/v1beta1 Deployment is deprecated in v1.8+, unavailable in v1.16+;"
                        + " use apps/v1 Deployment");
        var again = cluster.kubectl(kubectl.path(), APPLICATION, "-n", namespace, "apply", "-f", "-");
        assertThat(again.out()).contains("deployment.extensions/worker unchanged");
        // asked without a version, they are what they are today
        var seen = cluster.kubectl(kubectl.path(), "", "-n", namespace, "get", "deployment,ingress", "-o", "name");
        assertThat(seen.out()).isEqualTo("deployment.apps/worker\ningress.networking.k8s.io/webui\n");
        var shortly = cluster.kubectl(kubectl.path(), "", "-n", namespace, "get", "deploy,ing,netpol", "-o", "name");
        assertThat(shortly.out()).isEqualTo(seen.out());
        assertThat(shortly.err()).isEmpty();
        var all = cluster.kubectl(kubectl.path(), "", "-n", namespace, "get", "all", "-o", "name");
        assertThat(all.out()).contains("deployment.apps/worker").doesNotContain("extensions");
        assertThat(all.err()).isEmpty();
        var scaled = cluster.kubectl(
                kubectl.path(), "", "-n", namespace, "scale", "deployments.v1beta1.extensions/worker", "--replicas=3");
        assertThat(scaled.status()).as(scaled.err()).isZero();
        var explained = cluster.kubectl(
                kubectl.path(), "", "explain", "ingress.spec.backend", "--api-version=extensions/v1beta1");
        assertThat(explained.out()).contains("serviceName").contains("The name of the service");
        var gone = cluster.kubectl(kubectl.path(), APPLICATION, "-n", namespace, "delete", "-f", "-");
        assertThat(gone.status()).as(gone.err()).isZero();
    }
}
