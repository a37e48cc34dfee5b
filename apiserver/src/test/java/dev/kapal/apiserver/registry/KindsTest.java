package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What each kind accepts and refuses, with the words it refuses with.
class KindsTest {
    private static final String NS = "/api/v1/namespaces/default/";
    private static final String APPS = "/apis/apps/v1/namespaces/default/";

    private static final Api api = Api.withDefaultNamespace();

    @AfterAll
    static void close() {
        api.close();
    }

    /// An object that is refused with 422 and a message that ends like this.
    record Bad(String name, String path, String object, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Bad pod(String name, String spec, String message) {
        return new Bad(
                name, NS + "pods", "{metadata: {name: bad}, spec: " + spec + "}", "Pod \"bad\" is invalid: " + message);
    }

    private static Bad service(String name, String spec, String message) {
        return new Bad(
                name,
                NS + "services",
                "{metadata: {name: bad}, spec: " + spec + "}",
                "Service \"bad\" is invalid: " + message);
    }

    private static Bad deployment(String name, String spec, String message) {
        return new Bad(
                name,
                APPS + "deployments",
                "{metadata: {name: bad}, spec: " + spec + "}",
                "Deployment.apps \"bad\" is invalid: " + message);
    }

    static Stream<Bad> refused() {
        var container = "{name: c, image: i}";
        var template = "{metadata: {labels: {app: a}}, spec: {containers: [" + container + "]}}";
        return Stream.of(
                new Bad(
                        "a name with capitals",
                        NS + "configmaps",
                        "{metadata: {name: Bad}}",
                        "metadata.name: Invalid value: \"Bad\": a lowercase RFC 1123 subdomain must consist of lower case"
                                + " alphanumeric characters, '-' or '.', and must start and end with an alphanumeric"
                                + " character (e.g. 'example.com', regex used for validation is"
                                + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"),
                new Bad(
                        "a label with a space",
                        NS + "configmaps",
                        "{metadata: {name: bad, labels: {a: b c}}}",
                        "metadata.labels: Invalid value: \"b c\": a valid label must be an empty string or consist of"
                                + " alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
                                + " character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
                                + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"),
                new Bad(
                        "an owner without a uid",
                        NS + "configmaps",
                        "{metadata: {name: bad, ownerReferences: [{apiVersion: v1, kind: Pod, name: p, uid: ''}]}}",
                        "metadata.ownerReferences.uid: Invalid value: \"\": must not be empty"),
                new Bad(
                        "a finalizer without a domain",
                        NS + "configmaps",
                        "{metadata: {name: bad, finalizers: [mine]}}",
                        "metadata.finalizers: Invalid value: \"mine\": name is neither a standard finalizer name nor is"
                                + " it fully qualified"),
                new Bad(
                        "a key that is no file name",
                        NS + "configmaps",
                        "{metadata: {name: bad}, data: {'a/b': c}}",
                        "data[a/b]: Invalid value: \"a/b\": a valid config key must consist of alphanumeric characters,"
                                + " '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for"
                                + " validation is '[-._a-zA-Z0-9]+')"),
                new Bad(
                        "a config map beyond a mebibyte",
                        NS + "configmaps",
                        "{metadata: {name: bad}, data: {k: " + "x".repeat(1024 * 1024 + 1) + "}}",
                        "[]: Too long: may not be more than 1048576 bytes"),
                new Bad(
                        "a TLS secret without its key",
                        NS + "secrets",
                        "{metadata: {name: bad}, type: kubernetes.io/tls, data: {tls.crt: ''}}",
                        "data[tls.key]: Required value"),
                pod("no containers", "{containers: []}", "spec.containers: Required value"),
                pod(
                        "a container without an image",
                        "{containers: [{name: c}]}",
                        "spec.containers[0].image: Required value"),
                pod(
                        "two containers of one name",
                        "{containers: [" + container + ", " + container + "]}",
                        "spec.containers[1].name: Duplicate value: \"c\""),
                pod(
                        "a port out of range",
                        "{containers: [{name: c, image: i, ports: [{containerPort: 70000}]}]}",
                        "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535,"
                                + " inclusive"),
                pod(
                        "a mount of nothing",
                        "{containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /v}]}]}",
                        "spec.containers[0].volumeMounts[0].name: Not found: \"v\""),
                pod(
                        "a volume without a source that is asked for twice",
                        "{containers: [" + container + "], volumes: [{name: v, emptyDir: {}, hostPath: {path: /x}}]}",
                        "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"),
                pod(
                        "more requested than allowed",
                        "{containers: [{name: c, image: i, resources: {requests: {cpu: 2}, limits: {cpu: 1}}}]}",
                        "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu"
                                + " limit of 1"),
                pod(
                        "a probe without a handler",
                        "{containers: [{name: c, image: i, livenessProbe: {periodSeconds: 1}}]}",
                        "spec.containers[0].livenessProbe: Required value: must specify a handler type"),
                pod(
                        "a restart policy of its own",
                        "{restartPolicy: Sometimes, containers: [" + container + "]}",
                        "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\","
                                + " \"OnFailure\", \"Never\""),
                service("no ports", "{selector: {a: b}}", "spec.ports: Required value"),
                service(
                        "two ports without names",
                        "{ports: [{port: 80}, {port: 81}]}",
                        "[spec.ports[0].name: Required value, spec.ports[1].name: Required value]"),
                service(
                        "an address out of the range",
                        "{clusterIP: 10.1.2.3, ports: [{port: 80}]}",
                        "spec.clusterIPs: Invalid value: [\"10.1.2.3\"]: failed to allocate IP 10.1.2.3: the provided"
                                + " network does not match the current range"),
                service(
                        "the address of the range itself",
                        "{clusterIP: 10.96.0.0, ports: [{port: 80}]}",
                        "spec.clusterIPs: Invalid value: [\"10.96.0.0\"]: failed to allocate IP 10.96.0.0: the provided IP"
                                + " (10.96.0.0) is not in the valid range. The range of valid IPs is 10.96.0.0/16"),
                service(
                        "a node port out of the range",
                        "{type: NodePort, ports: [{port: 80, nodePort: 80}]}",
                        "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of"
                                + " valid ports is 30000-32767"),
                service(
                        "a node port without the type",
                        "{ports: [{port: 80, nodePort: 30080}]}",
                        "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"),
                service(
                        "a type of its own",
                        "{type: Own, ports: [{port: 80}]}",
                        "spec.type: Unsupported value: \"Own\":"
                                + " supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\""),
                deployment(
                        "a selector that does not choose the template",
                        "{selector: {matchLabels: {app: b}}, template: " + template + "}",
                        "spec.template.metadata.labels: Invalid value: {\"app\":\"a\"}: `selector` does not match template"
                                + " `labels`"),
                deployment(
                        "a roll-out that cannot move",
                        "{selector: {matchLabels: {app: a}}, template: " + template
                                + ", strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}}",
                        "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0"),
                deployment(
                        "a negative number of replicas",
                        "{replicas: -1, selector: {matchLabels: {app: a}}, template: " + template + "}",
                        "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
                new Bad(
                        "a lease without a duration",
                        "/apis/coordination.k8s.io/v1/namespaces/default/leases",
                        "{metadata: {name: bad}, spec: {leaseDurationSeconds: 0}}",
                        "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"),
                new Bad(
                        "a loopback endpoint",
                        NS + "endpoints",
                        "{metadata: {name: bad}, subsets: [{addresses: [{ip: 127.0.0.1}], ports: [{port: 80}]}]}",
                        "subsets[0].addresses[0].ip: Invalid value: \"127.0.0.1\": may not be in the loopback range"
                                + " (127.0.0.0/8, ::1/128)"),
                new Bad(
                        "an event about another namespace",
                        NS + "events",
                        "{metadata: {name: bad}, involvedObject: {namespace: other}}",
                        "involvedObject.namespace: Invalid value: \"other\": does not match event.namespace"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(Bad bad) {
        assertThat(api.post(bad.path, bad.object).is(422).at("message")).endsWith(bad.message);
    }

    @Test
    void putsEveryProblemIntoACauseOfItsOwn() {
        var refusal = api.post(NS + "pods", "{metadata: {name: bad}, spec: {containers: [{}]}}")
                .is(422);

        assertThat(refusal.at("details.kind")).isEqualTo("Pod");
        assertThat(refusal.at("details.causes"))
                .isEqualTo("[{\"reason\":\"FieldValueRequired\",\"message\":\"Required value\","
                        + "\"field\":\"spec.containers[0].name\"},{\"reason\":\"FieldValueRequired\","
                        + "\"message\":\"Required value\",\"field\":\"spec.containers[0].image\"}]");
    }

    @Test
    void givesPodsAServiceAccountAndTolerations() {
        var pod = api.post(NS + "pods", "{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}")
                .is(201);

        assertThat(pod.at("spec.serviceAccountName")).isEqualTo("default");
        assertThat(pod.at("spec.volumes.0.name")).matches("kube-api-access-[a-z0-9]{5}");
        assertThat(pod.at("spec.containers.0.volumeMounts.0.mountPath"))
                .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount");
        assertThat(pod.json().path("spec").path("tolerations").size()).isEqualTo(2);
        assertThat(pod.at("spec.priority")).isEqualTo("0");
        assertThat(pod.at("status")).isEqualTo("{\"phase\":\"Pending\",\"qosClass\":\"BestEffort\"}");
        assertThat(pod.at("metadata.generation")).isEqualTo("1");
    }

    @Test
    void refusesPodsOfAMissingServiceAccount() {
        var refusal = api.post(
                        NS + "pods",
                        "{metadata: {name: p2}, spec: {serviceAccountName: x, containers: [{name: c, image: i}]}}")
                .is(403);

        assertThat(refusal.at("message"))
                .isEqualTo("pods \"p2\" is forbidden: error looking up service account default/x: serviceaccount \"x\""
                        + " not found");
    }

    @Test
    void changesOfAPodOnlyWhatMayChange() {
        api.post(NS + "pods", "{metadata: {name: fixed}, spec: {containers: [{name: c, image: i}]}}")
                .is(201);

        var image = "[{\"op\":\"replace\",\"path\":\"/spec/containers/0/image\",\"value\":\"j\"}]";
        assertThat(api.patch(NS + "pods/fixed", "json-patch", image).is(200).at("metadata.generation"))
                .isEqualTo("2");
        var refusal = api.patch(NS + "pods/fixed", "merge-patch", "{\"spec\":{\"hostname\":\"h\"}}")
                .is(422);
        assertThat(refusal.at("message"))
                .startsWith(
                        "Pod \"fixed\" is invalid: spec: Forbidden: pod updates may not change fields other than"
                                + " `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                                + "`spec.tolerations` (only additions to existing tolerations),"
                                + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n");
    }

    @Test
    void showsAPodsAddressUnderBothNames() {
        api.post(NS + "pods", "{metadata: {name: addressed}, spec: {containers: [{name: c, image: i}]}}")
                .is(201);

        var pod = api.patch(NS + "pods/addressed/status", "merge-patch", "{\"status\":{\"podIP\":\"10.0.0.9\"}}")
                .is(200);

        assertThat(pod.at("status.podIPs")).isEqualTo("[{\"ip\":\"10.0.0.9\"}]");
        assertThat(pod.at("status.phase")).isEqualTo("Pending");
    }

    @Test
    void addsEphemeralContainersToARunningPod() {
        api.post(NS + "pods", "{metadata: {name: debugged}, spec: {containers: [{name: c, image: i}]}}")
                .is(201);
        var add = "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"d\",\"image\":\"busybox\"}]}}";

        var pod = api.patch(NS + "pods/debugged/ephemeralcontainers", "strategic-merge-patch", add)
                .is(200);

        assertThat(pod.at("spec.ephemeralContainers.0.name")).isEqualTo("d");
    }

    @Test
    void keepsTheSelectorOfADeployment() {
        api.post(
                        APPS + "deployments",
                        "{metadata: {name: kept}, spec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels:"
                                + " {app: a, x: z}}, spec: {containers: [{name: c, image: i}]}}}}")
                .is(201);

        var refusal = api.patch(
                        APPS + "deployments/kept",
                        "merge-patch",
                        "{\"spec\":{\"selector\":{\"matchLabels\":{\"x\":\"z\"}}}}")
                .is(422);

        assertThat(refusal.at("message"))
                .isEqualTo("Deployment.apps \"kept\" is invalid: spec.selector: Invalid value:"
                        + " {\"matchLabels\":{\"app\":\"a\",\"x\":\"z\"}}: field is immutable");
    }

    @Test
    void takesTextIntoASecret() {
        var secret = api.post(NS + "secrets", "{metadata: {name: s}, stringData: {k: v}}")
                .is(201);

        assertThat(secret.at("data.k")).isEqualTo("dg==");
        assertThat(secret.json().has("stringData")).isFalse();
        assertThat(secret.at("type")).isEqualTo("Opaque");
        assertThat(api.patch(NS + "secrets/s", "merge-patch", "{\"type\":\"x\"}")
                        .is(422)
                        .at("message"))
                .isEqualTo("Secret \"s\" is invalid: type: Invalid value: \"x\": field is immutable");
    }

    @Test
    void keepsImmutableMaps() {
        api.post(NS + "configmaps", "{metadata: {name: frozen}, immutable: true, data: {k: v}}")
                .is(201);

        assertThat(api.patch(NS + "configmaps/frozen", "merge-patch", "{\"data\":{\"k\":\"w\"}}")
                        .is(422)
                        .at("message"))
                .isEqualTo("ConfigMap \"frozen\" is invalid: data: Forbidden: field is immutable when `immutable` is"
                        + " set");
    }

    @Test
    void labelsNamespacesWithTheirName() {
        var namespace = api.post("/api/v1/namespaces", "{metadata: {generateName: team-}}")
                .is(201);

        assertThat(namespace.at("metadata.labels.kubernetes\\.io/metadata\\.name"))
                .isEqualTo(namespace.at("metadata.name"));
        assertThat(namespace.at("status.phase")).isEqualTo("Active");
        assertThat(namespace.at("spec.finalizers")).isEqualTo("[\"kubernetes\"]");
    }

    @Test
    void letsANodeBringItsStatus() {
        var node = api.post(
                        "/api/v1/nodes",
                        "{metadata: {name: n1}, spec: {podCIDR: 10.244.0.0/24}, status: {capacity: {cpu: '2'}}}")
                .is(201);

        assertThat(node.at("status.capacity.cpu")).isEqualTo("2");
        assertThat(node.at("spec.podCIDRs")).isEqualTo("[\"10.244.0.0/24\"]");
    }

    @Test
    void countsGenerationsOfEndpointSlices() {
        var path = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
        var slice = "{metadata: {name: e}, addressType: IPv4, endpoints: [{addresses: [10.0.0.%d]}], ports: []}";
        assertThat(api.post(path, slice.formatted(1)).is(201).at("metadata.generation"))
                .isEqualTo("1");

        assertThat(api.put(path + "/e", slice.formatted(2)).is(200).at("metadata.generation"))
                .isEqualTo("2");
    }
}
