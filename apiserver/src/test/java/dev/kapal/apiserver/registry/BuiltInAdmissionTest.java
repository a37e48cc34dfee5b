package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.registry.Api.Answer;
import dev.kapal.http.Headers;
import dev.kapal.testkit.Conformance;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the plugins that are always on do to writes, seen from outside.
class BuiltInAdmissionTest {
    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    private Answer pod(String name, String fields) {
        return api.post(
                "/api/v1/namespaces/default/pods",
                "{metadata: {name: " + name + "}, spec: {" + fields + "containers: [{name: c, image: i}]}}");
    }

    private Answer podAsking(String name, String resources) {
        return api.post(
                "/api/v1/namespaces/default/pods",
                "{metadata: {name: " + name + "}, spec: {containers: [{name: c, image: i, resources: " + resources
                        + "}]}}");
    }

    private void limits(String limits) {
        api.post("/api/v1/namespaces/default/limitranges", "{metadata: {name: r}, spec: {limits: [" + limits + "]}}")
                .is(201);
    }

    @Test
    @Conformance("scheduling-limitrange-defaults")
    void aLimitRangeFillsInWhatContainersDoNotSay() {
        limits("{type: Container, default: {cpu: 500m, memory: 1Gi}, defaultRequest: {cpu: 100m}}");
        var pod = podAsking("p", "{requests: {memory: 10Mi}}").is(201);
        assertThat(pod.at("spec.containers.0.resources.limits.cpu")).isEqualTo("500m");
        assertThat(pod.at("spec.containers.0.resources.requests.cpu")).isEqualTo("100m");
        assertThat(pod.at("spec.containers.0.resources.requests.memory")).isEqualTo("10Mi");
        assertThat(pod.at("metadata.annotations.kubernetes\\.io/limit-ranger"))
                .isEqualTo("LimitRanger plugin set: cpu request for container c; cpu, memory limit for container c");
    }

    @Test
    @Conformance("scheduling-limitrange-defaults")
    void aLimitRangeHoldsContainersAndPodsToItsBounds() {
        limits("{type: Container, min: {cpu: 100m}, max: {cpu: '1'}, maxLimitRequestRatio: {cpu: '2'}}");
        assertThat(podAsking("small", "{requests: {cpu: 50m}, limits: {cpu: 50m}}")
                        .is(403)
                        .at("message"))
                .isEqualTo("pods \"small\" is forbidden: minimum cpu usage per Container is 100m, but request is 50m");
        assertThat(podAsking("large", "{requests: {cpu: '2'}, limits: {cpu: '2'}}")
                        .is(403)
                        .at("message"))
                .isEqualTo("pods \"large\" is forbidden: maximum cpu usage per Container is 1, but limit is 2");
        assertThat(podAsking("wide", "{requests: {cpu: 100m}, limits: {cpu: 300m}}")
                        .is(403)
                        .at("message"))
                .isEqualTo("pods \"wide\" is forbidden: cpu max limit to request ratio per Container is 2, but provided"
                        + " ratio is 3.000000");
        podAsking("fits", "{requests: {cpu: 500m}, limits: {cpu: '1'}}").is(201);
    }

    @Test
    void aPriorityClassGivesPodsItsValue() {
        var classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
        api.post(classes, "{metadata: {name: high}, value: 1000, preemptionPolicy: Never}")
                .is(201);
        api.post(classes, "{metadata: {name: usual}, value: 7, globalDefault: true}")
                .is(201);
        var pod = pod("p", "priorityClassName: high, ").is(201);
        assertThat(pod.at("spec.priority")).isEqualTo("1000");
        assertThat(pod.at("spec.preemptionPolicy")).isEqualTo("Never");
        var plain = pod("q", "").is(201);
        assertThat(plain.at("spec.priority")).isEqualTo("7");
        assertThat(plain.at("spec.priorityClassName")).isEqualTo("usual");
        assertThat(pod("r", "priorityClassName: none, ").is(403).at("message"))
                .isEqualTo("pods \"r\" is forbidden: no PriorityClass with name none was found");
        assertThat(api.post(classes, "{metadata: {name: second}, value: 8, globalDefault: true}")
                        .is(403)
                        .at("message"))
                .endsWith("PriorityClass usual is already marked as default. Only one default can exist");
    }

    @Test
    void aRuntimeClassAddsItsOverheadAndItsPlace() {
        api.post(
                        "/apis/node.k8s.io/v1/runtimeclasses",
                        "{metadata: {name: sandboxed}, handler: h, overhead: {podFixed: {cpu: 250m}},"
                                + " scheduling: {nodeSelector: {kvm: 'yes'}}}")
                .is(201);
        var pod = pod("p", "runtimeClassName: sandboxed, ").is(201);
        assertThat(pod.at("spec.overhead.cpu")).isEqualTo("250m");
        assertThat(pod.at("spec.nodeSelector.kvm")).isEqualTo("yes");
        assertThat(pod("q", "runtimeClassName: none, ").is(403).at("message"))
                .isEqualTo("pods \"q\" is forbidden: pod rejected: RuntimeClass \"none\" not found");
        assertThat(pod("r", "runtimeClassName: sandboxed, nodeSelector: {kvm: 'no'}, ")
                        .is(403)
                        .at("message"))
                .isEqualTo("pods \"r\" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[kvm] = yes;"
                        + " pod.spec.nodeSelector[kvm] = no");
    }

    @Test
    void claimsGetTheDefaultClassAndTheirProtection() {
        api.post(
                        "/apis/storage.k8s.io/v1/storageclasses",
                        "{metadata: {name: fast, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}},"
                                + " provisioner: p}")
                .is(201);
        var claim = api.post(
                        "/api/v1/namespaces/default/persistentvolumeclaims",
                        "{metadata: {name: c}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage:"
                                + " 1Gi}}}}")
                .is(201);
        assertThat(claim.at("spec.storageClassName")).isEqualTo("fast");
        assertThat(claim.at("metadata.finalizers.0")).isEqualTo("kubernetes.io/pvc-protection");
    }

    @Test
    void aNewNodeIsTaintedUntilItIsReady() {
        var node = api.post("/api/v1/nodes", "{metadata: {name: n1}}").is(201);
        assertThat(node.at("spec.taints.0.key")).isEqualTo("node.kubernetes.io/not-ready");
        assertThat(node.at("spec.taints.0.effect")).isEqualTo("NoSchedule");
    }

    @Test
    void podsAreHeldToTheStandardOfTheirNamespace() {
        api.post(
                        "/api/v1/namespaces",
                        "{metadata: {name: strict, labels: {pod-security.kubernetes.io/enforce: baseline,"
                                + " pod-security.kubernetes.io/warn: restricted}}}")
                .is(201);
        api.post("/api/v1/namespaces/strict/serviceaccounts", "{metadata: {name: default}}")
                .is(201);
        var pods = "/api/v1/namespaces/strict/pods";
        var refused = api.post(
                        pods, "{metadata: {name: p}, spec: {hostNetwork: true, containers: [{name: c, image: i}]}}")
                .is(403);
        assertThat(refused.at("message"))
                .isEqualTo("pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces"
                        + " (hostNetwork=true)");
        var warned = api.post(pods, "{metadata: {name: q}, spec: {containers: [{name: c, image: i}]}}")
                .is(201);
        assertThat(warned.headers().first("Warning").orElse(""))
                .startsWith("299 - \"would violate PodSecurity \\\"restricted:latest\\\": allowPrivilegeEscalation");
        var deployment = api.post(
                        "/apis/apps/v1/namespaces/strict/deployments",
                        "{metadata: {name: d}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels:"
                                + " {a: b}}, spec: {hostNetwork: true, containers: [{name: c, image: i}]}}}}")
                .is(201);
        assertThat(deployment.headers().first("Warning").orElse("")).contains("host namespaces (hostNetwork=true)");
    }

    @Test
    void aLabelThatIsNoLevelIsRefusedAndAStricterOneWarns() {
        assertThat(api.post(
                                "/api/v1/namespaces",
                                "{metadata: {name: odd, labels: {pod-security.kubernetes.io/enforce: strictest}}}")
                        .is(422)
                        .at("message"))
                .isEqualTo("Namespace \"odd\" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid"
                        + " value: \"strictest\": must be one of privileged, baseline, restricted");
        pod("p", "hostNetwork: true, ").is(201);
        var labelled = api.call(
                        "PATCH",
                        "/api/v1/namespaces/default",
                        Headers.of("Content-Type", "application/merge-patch+json"),
                        "{\"metadata\":{\"labels\":{\"pod-security.kubernetes.io/enforce\":\"baseline\"}}}"
                                .getBytes(StandardCharsets.UTF_8))
                .is(200);
        assertThat(labelled.headers().all("Warning"))
                .containsExactly(
                        "299 - \"existing pods in namespace \\\"default\\\" violate the new PodSecurity enforce level"
                                + " \\\"baseline:latest\\\"\"",
                        "299 - \"p: host namespaces\"");
    }
}
