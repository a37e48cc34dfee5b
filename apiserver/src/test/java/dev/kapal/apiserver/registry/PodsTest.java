package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.testkit.Conformance;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the server itself does for pods.
class PodsTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    private Api.Answer create(String metadata, String spec) {
        return api.post(PODS, "{metadata: " + metadata + ", spec: " + spec + "}");
    }

    private Api.Answer create(String spec) {
        return create("{name: p}", spec);
    }

    @Test
    @Conformance("node-pods-extended-qos-class")
    void seesHowMuchAPodIsGuaranteed() {
        create("""
                {containers: [{name: c, image: i, resources:
                  {requests: {cpu: 100m, memory: 100Mi}, limits: {cpu: 100m, memory: 100Mi}}}]}""").is(201);
        assertThat(api.get(PODS + "/p").at("status.qosClass")).isEqualTo("Guaranteed");
    }

    @Test
    @Conformance("node-pods-update")
    void findsAPodByTheLabelThatItHasNow() {
        create("{name: p, labels: {time: early}}", "{containers: [{name: c, image: i}]}")
                .is(201);
        var found = api.get(PODS + "?labelSelector=time%3Dearly").json().path("items");
        assertThat(names(found)).containsExactly("p");

        var pod = api.get(PODS + "/p").json();
        pod.withObject("/metadata/labels").put("time", "late");
        api.put(PODS + "/p", pod).is(200);

        assertThat(names(api.get(PODS + "?labelSelector=time%3Dlate").json().path("items")))
                .containsExactly("p");
        assertThat(names(api.get(PODS + "?labelSelector=time%3Dearly").json().path("items")))
                .isEmpty();
    }

    @Test
    @Conformance({"node-pods-patch-status", "node-pods-lifecycle-status"})
    void takesChangesOfAPodAndOfItsStatusUntilItIsDeleted() {
        create("{name: p, labels: {kind: static}}", "{containers: [{name: c, image: 'i:1'}]}")
                .is(201);
        var start = api.get(PODS).at("metadata.resourceVersion");
        try (var watch = api.watch(PODS + "?watch=1&labelSelector=kind%3Dstatic&resourceVersion=" + start)) {
            api.patch(PODS + "/p/status", "merge-patch", "{\"status\":{\"phase\":\"Running\"}}")
                    .is(200);
            assertThat(watch.brief()).isEqualTo("MODIFIED p");

            api.patch(
                            PODS + "/p",
                            "strategic-merge-patch",
                            "{\"metadata\":{\"labels\":{\"patched\":\"yes\"}},"
                                    + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i:2\"}]}}")
                    .is(200);
            assertThat(watch.brief()).isEqualTo("MODIFIED p");
            var pod = api.get(PODS + "/p");
            assertThat(pod.at("metadata.labels.patched")).isEqualTo("yes");
            assertThat(pod.at("spec.containers.0.image")).isEqualTo("i:2");

            api.patch(PODS + "/p/status", "strategic-merge-patch", """
                            {"status":{"message":"patched","conditions":[{"type":"Ready","status":"True"}]}}""").is(200);
            assertThat(watch.brief()).isEqualTo("MODIFIED p");
            var status = api.get(PODS + "/p/status");
            assertThat(status.at("status.phase")).isEqualTo("Running");
            assertThat(status.at("status.message")).isEqualTo("patched");
            assertThat(status.at("status.conditions.0.type")).isEqualTo("Ready");

            var replaced = status.json();
            replaced.withObject("/status").put("message", "replaced").put("reason", "Because");
            api.put(PODS + "/p/status", replaced).is(200);
            assertThat(watch.brief()).isEqualTo("MODIFIED p");
            var last = api.get(PODS + "/p");
            assertThat(last.at("status.message")).isEqualTo("replaced");
            assertThat(last.at("status.reason")).isEqualTo("Because");
            assertThat(last.at("spec.containers.0.image")).isEqualTo("i:2");

            api.delete(PODS + "/p", "{\"gracePeriodSeconds\":0}").is(200);
            assertThat(watch.brief()).isEqualTo("MODIFIED p"); // marked before it goes
            assertThat(watch.brief()).isEqualTo("DELETED p");
            api.get(PODS + "/p").is(404);
        }
    }

    @Test
    @Conformance("storage-csi-inline-pod-api")
    void keepsVolumesThatADriverMakesForOnePod() {
        create("{name: p, labels: {volume: inline}}", """
                {containers: [{name: c, image: i}], volumes: [{name: v, csi:
                  {driver: inline.example.com, readOnly: true, volumeAttributes: {size: small}}}]}""").is(201);
        var pod = api.get(PODS + "/p").is(200);
        assertThat(pod.at("spec.volumes.0.csi.driver")).isEqualTo("inline.example.com");
        assertThat(pod.at("spec.volumes.0.csi.volumeAttributes.size")).isEqualTo("small");
        assertThat(names(api.get("/api/v1/pods?labelSelector=volume%3Dinline")
                        .json()
                        .path("items")))
                .containsExactly("p");

        api.patch(PODS + "/p", "merge-patch", "{\"metadata\":{\"labels\":{\"patched\":\"yes\"}}}")
                .is(200);
        assertThat(api.get(PODS + "/p").at("metadata.labels.patched")).isEqualTo("yes");

        api.delete(PODS + "/p", "{\"gracePeriodSeconds\":0}").is(200);
        api.get(PODS + "/p").is(404);
    }

    @Test
    @Conformance("node-sysctls-reject-invalid")
    void refusesKernelSettingsThatHaveNoSuchName() {
        var message = create("""
                {containers: [{name: c, image: i}], securityContext: {sysctls:
                  [{name: foo-, value: bar}, {name: kernel.shmmax, value: '100000000'}, {name: bar.., value: '42'}]}}""").is(422).at("message");
        assertThat(message)
                .contains("spec.securityContext.sysctls[0].name: Invalid value: \"foo-\"")
                .contains("spec.securityContext.sysctls[2].name: Invalid value: \"bar..\"")
                .doesNotContain("sysctls[1]");
        api.get(PODS + "/p").is(404);
    }

    @Test
    @Conformance("node-runtimeclass-reject-non-existent")
    void refusesAPodWhoseRuntimeClassDoesNotExist() {
        assertThat(create("{runtimeClassName: nothing, containers: [{name: c, image: i}]}")
                        .is(403)
                        .at("message"))
                .isEqualTo("pods \"p\" is forbidden: pod rejected: RuntimeClass \"nothing\" not found");
    }

    @Test
    @Conformance("node-runtimeclass-reject-deleted")
    void refusesAPodWhoseRuntimeClassIsDeleted() {
        api.post("/apis/node.k8s.io/v1/runtimeclasses", "{metadata: {name: brief}, handler: h}")
                .is(201);
        create("{runtimeClassName: brief, containers: [{name: c, image: i}]}").is(201);
        api.delete("/apis/node.k8s.io/v1/runtimeclasses/brief").is(200);

        assertThat(create("{name: q}", "{runtimeClassName: brief, containers: [{name: c, image: i}]}")
                        .is(403)
                        .at("message"))
                .isEqualTo("pods \"q\" is forbidden: pod rejected: RuntimeClass \"brief\" not found");
    }

    @ParameterizedTest
    @Conformance("auth-serviceaccount-automount-opt-out")
    @CsvSource({
        "null,  null,  true",
        "null,  true,  true",
        "null,  false, false",
        "true,  null,  true",
        "true,  true,  true",
        "true,  false, false",
        "false, null,  false",
        "false, true,  true",
        "false, false, false",
    })
    void mountsTheAccountsTokenUnlessPodOrAccountWantNone(String account, String pod, boolean mounted) {
        api.post(
                        "/api/v1/namespaces/default/serviceaccounts",
                        "{metadata: {name: robot}, automountServiceAccountToken: " + account + "}")
                .is(201);
        var created = create("{serviceAccountName: robot, automountServiceAccountToken: " + pod
                        + ", containers: [{name: c, image: i}]}")
                .is(201);
        var mounts = created.json().at("/spec/containers/0/volumeMounts");
        assertThat(mounts)
                .extracting(mount -> mount.path("mountPath").asText())
                .isEqualTo(mounted ? List.of("/var/run/secrets/kubernetes.io/serviceaccount") : List.of());
        assertThat(created.json().at("/spec/volumes").size()).isEqualTo(mounted ? 1 : 0);
    }

    private static List<String> names(JsonNode items) {
        return items.valueStream()
                .map(item -> item.at("/metadata/name").asText())
                .toList();
    }
}
