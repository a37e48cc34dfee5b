package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.apiserver.admission.AdmissionChoice;
import dev.kapal.apiserver.admission.AdmissionChoice.Patience;
import dev.kapal.apiserver.admission.podsecurity.PodSecurityConfig;
import dev.kapal.apiserver.authz.Authorizer;
import java.util.List;
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

    /// Whoever asks for what this does not name is refused.
    private static Authorizer allowing(String... rights) {
        return (user, info) -> {
            var asked = info.verb() + " " + info.resource()
                    + (info.subresource().isEmpty() ? "" : "/") + info.subresource() + " " + info.name();
            return List.of(rights).contains(asked)
                    ? Authorizer.Decision.ALLOW
                    : Authorizer.Decision.noOpinion("no " + asked);
        };
    }

    private static String owned(String name, boolean blocks) {
        return "{metadata: {name: " + name
                + ", ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: d, uid: u,"
                + " blockOwnerDeletion: " + blocks + "}]}}";
    }

    @Test
    void anOwnersDeletionIsBlockedByThoseWhoMaySetItsFinalizers() {
        var choice = new AdmissionChoice(Set.of("OwnerReferencesPermissionEnforcement"), Set.of());
        var maps = "/api/v1/namespaces/default/configmaps";
        try (var api = Api.with(choice, allowing())) {
            api.post(maps, owned("a", false)).is(201);
            assertThat(api.post(maps, owned("b", true)).is(403).at("message"))
                    .isEqualTo(
                            "configmaps \"b\" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to"
                                    + " a resource you can't set finalizers on: no update deployments/finalizers d, <nil>");
            var unknown = owned("c", true).replace("Deployment", "Nothing");
            assertThat(api.post(maps, unknown).is(403).at("message"))
                    .contains("cannot find RESTMapping for APIVersion apps/v1 Kind Nothing");
        }
        try (var api = Api.with(choice, allowing("update deployments/finalizers d"))) {
            api.post(maps, owned("b", true)).is(201);
        }
    }

    @Test
    void anObjectIsGivenToAnOwnerByThoseWhoMayDeleteIt() {
        var choice = new AdmissionChoice(Set.of("OwnerReferencesPermissionEnforcement"), Set.of());
        var map = "/api/v1/namespaces/default/configmaps/a";
        var given =
                "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"d\","
                        + "\"uid\":\"u\"}]}}";
        try (var api = Api.with(choice, allowing())) {
            api.post("/api/v1/namespaces/default/configmaps", "{metadata: {name: a}}")
                    .is(201);
            api.patch(map, "merge-patch", "{\"data\":{\"k\":\"v\"}}").is(200);
            assertThat(api.patch(map, "merge-patch", given).is(403).at("message"))
                    .isEqualTo(
                            "configmaps \"a\" is forbidden: cannot set an ownerRef on a resource you can't delete: no"
                                    + " delete configmaps a, <nil>");
        }
        try (var api = Api.with(choice, allowing("delete configmaps a"))) {
            api.post("/api/v1/namespaces/default/configmaps", "{metadata: {name: a}}")
                    .is(201);
            api.patch(map, "merge-patch", given).is(200);
        }
    }

    @Test
    void podsOfANamespaceCanBeHeldToItsNodes() {
        try (var api = enabling("PodNodeSelector")) {
            api.patch(
                            "/api/v1/namespaces/default",
                            "merge-patch",
                            "{\"metadata\":{\"annotations\":{\"scheduler.alpha.kubernetes.io/node-selector\":"
                                    + "\"env=test, disk=\"}}}")
                    .is(200);
            var pod = api.post(
                            PODS,
                            "{metadata: {name: p}, spec: {nodeSelector: {a: b}, containers: [{name: c, image: i}]}}")
                    .is(201);
            assertThat(pod.at("spec.nodeSelector")).isEqualTo("{\"a\":\"b\",\"disk\":\"\",\"env\":\"test\"}");
            assertThat(api.post(
                                    PODS,
                                    "{metadata: {name: q}, spec: {nodeSelector: {env: prod}, containers: [{name: c, image:"
                                            + " i}]}}")
                            .is(403)
                            .at("message"))
                    .isEqualTo(
                            "pods \"q\" is forbidden: pod node label selector conflicts with its namespace node label"
                                    + " selector");
        }
    }

    @Test
    void podsStayOnLostNodesAsLongAsTheServerSays() {
        var choice = new AdmissionChoice(Set.of(), Set.of(), PodSecurityConfig.NONE, new Patience(10, 20));
        try (var api = Api.with(choice)) {
            var pod = api.post(PODS, "{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}")
                    .is(201);
            assertThat(pod.at("spec.tolerations.0.tolerationSeconds")).isEqualTo("10");
            assertThat(pod.at("spec.tolerations.1.tolerationSeconds")).isEqualTo("20");
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
