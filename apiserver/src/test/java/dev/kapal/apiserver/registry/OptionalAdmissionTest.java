package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.apiserver.admission.AdmissionChoice;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Plugins that are chosen by name.
class OptionalAdmissionTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private static Api enabling(String... plugins) {
        return Api.with(new AdmissionChoice(Set.of(plugins), Set.of()));
    }

    @Test
    void imagesCanBePulledAlways() {
        try (var api = enabling("AlwaysPullImages")) {
            var pod = api.post(
                            PODS,
                            "{metadata: {name: p}, spec: {containers: [{name: c, image: 'i:1', imagePullPolicy: Never}]}}")
                    .is(201);
            assertThat(pod.at("spec.containers.0.imagePullPolicy")).isEqualTo("Always");
        }
    }

    @Test
    void addressesOfTheOutsideWorldCanBeRefused() {
        try (var api = enabling("DenyServiceExternalIPs")) {
            assertThat(api.post(
                                    "/api/v1/namespaces/default/services",
                                    "{metadata: {name: s}, spec: {externalIPs: [192.0.2.1], ports: [{port: 80}]}}")
                            .is(403)
                            .at("message"))
                    .isEqualTo("services \"s\" is forbidden: Use of external IPs is denied by admission control.");
        }
    }

    @Test
    void whoAsksForADeviceToleratesItsTaint() {
        try (var api = enabling("ExtendedResourceToleration")) {
            var pod = api.post(
                            PODS,
                            "{metadata: {name: p}, spec: {containers: [{name: c, image: i, resources: {limits:"
                                    + " {example.com/gpu: '1'}}}]}}")
                    .is(201);
            assertThat(pod.at("spec.tolerations")).contains("\"key\":\"example.com/gpu\",\"operator\":\"Exists\"");
        }
    }

    @Test
    void antiAffinityCanBeHeldToMachines() {
        try (var api = enabling("LimitPodHardAntiAffinityTopology")) {
            assertThat(api.post(
                                    PODS,
                                    "{metadata: {name: p}, spec: {affinity: {podAntiAffinity:"
                                            + " {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone,"
                                            + " labelSelector: {}}]}}, containers: [{name: c, image: i}]}}")
                            .is(403)
                            .at("message"))
                    .isEqualTo("pods \"p\" is forbidden: affinity.PodAntiAffinity.RequiredDuringScheduling has"
                            + " TopologyKey zone but only key kubernetes.io/hostname is allowed");
        }
    }

    @Test
    void aPluginCanBeTurnedOff() {
        try (var api = Api.with(new AdmissionChoice(Set.of(), Set.of("ServiceAccount", "TaintNodesByCondition")))) {
            var pod = api.post(PODS, "{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}")
                    .is(201);
            assertThat(pod.at("spec.serviceAccountName")).isEmpty();
            assertThat(api.post("/api/v1/nodes", "{metadata: {name: n1}}")
                            .is(201)
                            .at("spec.taints"))
                    .isEmpty();
        }
    }

    @Test
    void aNameThatNobodyHasIsRefused() {
        assertThatThrownBy(() -> new AdmissionChoice(Set.of("Nobody"), Set.of()))
                .hasMessage("enable-admission-plugins plugin \"Nobody\" is unknown");
        assertThatThrownBy(() -> new AdmissionChoice(Set.of("Priority"), Set.of("Priority")))
                .hasMessage("Priority in enable-admission-plugins and disable-admission-plugins overlapped");
    }
}
