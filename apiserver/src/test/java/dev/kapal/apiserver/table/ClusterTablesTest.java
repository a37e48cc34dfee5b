package dev.kapal.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What people see of networking, access, flow control and admission.
class ClusterTablesTest {
    private static final Instant NOW = Instant.parse("2025-01-01T01:00:00Z");
    private static final ResourceRegistry REGISTRY = ResourceRegistry.builtIn();
    private static final String META = "metadata: {name: x, creationTimestamp: '2025-01-01T00:55:00Z'}";

    /// @param cells what stands after the name
    record Case(String name, String group, String version, String resource, String rest, String cells) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case networking(String name, String resource, String rest, String cells) {
        return new Case(name, "networking.k8s.io", "v1", resource, rest, cells);
    }

    private static Case access(String name, String resource, String rest, String cells) {
        return new Case(name, "rbac.authorization.k8s.io", "v1", resource, rest, cells);
    }

    private static Case flow(String name, String resource, String rest, String cells) {
        return new Case(name, "flowcontrol.apiserver.k8s.io", "v1", resource, rest, cells);
    }

    private static Case admission(String name, String version, String resource, String rest, String cells) {
        return new Case(name, "admissionregistration.k8s.io", version, resource, rest, cells);
    }

    static Stream<Case> cases() {
        return Stream.of(
                networking("an ingress for all hosts", "ingresses", "spec: {}", "'<none>','*','','80','5m'"),
                networking(
                        "an ingress with more hosts than fit",
                        "ingresses",
                        "spec: {ingressClassName: web, tls: [{}], rules: [{host: a}, {host: b}, {host: c}, {host: d}]},"
                                + " status: {loadBalancer: {ingress: [{hostname: z.example}, {ip: 10.0.0.9}]}}",
                        "'web','a,b,c + 1 more...','10.0.0.9,z.example','80, 443','5m'"),
                networking("a plain class", "ingressclasses", "spec: {controller: e/c}", "'e/c','<none>','5m'"),
                networking(
                        "a class with parameters",
                        "ingressclasses",
                        "spec: {controller: e/c, parameters: {apiGroup: k.io, kind: P, name: p}}",
                        "'e/c','P.k.io/p','5m'"),
                networking("a policy for all pods", "networkpolicies", "spec: {podSelector: {}}", "'<none>','5m'"),
                networking(
                        "a policy for some pods",
                        "networkpolicies",
                        "spec: {podSelector: {matchLabels: {app: web}}}",
                        "'app=web','5m'"),
                networking(
                        "the address of a service",
                        "ipaddresses",
                        "spec: {parentRef: {group: '', resource: services, namespace: default, name: kubernetes}}",
                        "'services/default/kubernetes'"),
                networking(
                        "two ranges",
                        "servicecidrs",
                        "spec: {cidrs: [10.96.0.0/16, 'fd00::/112']}",
                        "'10.96.0.0/16,fd00::/112','5m'"),
                access("a role", "roles", "rules: []", "'2025-01-01T00:55:00Z'"),
                access("a role of the cluster", "clusterroles", "rules: []", "'2025-01-01T00:55:00Z'"),
                access(
                        "a binding",
                        "rolebindings",
                        "roleRef: {kind: ClusterRole, name: view}, subjects: [{kind: User, name: u}, {kind: User, name:"
                                + " v}, {kind: Group, name: g}, {kind: ServiceAccount, namespace: ns, name: s}]",
                        "'ClusterRole/view','5m','u, v','g','ns/s'"),
                access(
                        "a binding of nobody",
                        "clusterrolebindings",
                        "roleRef: {kind: ClusterRole, name: view}",
                        "'ClusterRole/view','5m','','',''"),
                flow(
                        "a flow",
                        "flowschemas",
                        "spec: {priorityLevelConfiguration: {name: l}, matchingPrecedence: 800, distinguisherMethod:"
                                + " {type: ByUser}}, status: {conditions: [{type: Dangling, status: 'False'}]}",
                        "'l',800,'ByUser','5m','False'"),
                flow(
                        "a flow that nobody looked at",
                        "flowschemas",
                        "spec: {priorityLevelConfiguration: {name: l}, matchingPrecedence: 1}",
                        "'l',1,'<none>','5m','?'"),
                flow(
                        "a level with queues",
                        "prioritylevelconfigurations",
                        "spec: {type: Limited, limited: {nominalConcurrencyShares: 40, limitResponse: {type: Queue,"
                                + " queuing: {queues: 128, handSize: 6, queueLengthLimit: 50}}}}",
                        "'Limited',40,128,6,50,'5m'"),
                flow(
                        "a level without limits",
                        "prioritylevelconfigurations",
                        "spec: {type: Exempt}",
                        "'Exempt','<none>','<none>','<none>','<none>','5m'"),
                admission("two webhooks", "v1", "validatingwebhookconfigurations", "webhooks: [{}, {}]", "2,'5m'"),
                admission("no webhook", "v1", "mutatingwebhookconfigurations", "webhooks: []", "0,'5m'"),
                admission(
                        "a policy with parameters",
                        "v1",
                        "validatingadmissionpolicies",
                        "spec: {paramKind: {apiVersion: v1, kind: ConfigMap}, validations: [{}]}",
                        "1,'v1/ConfigMap','5m'"),
                admission(
                        "a policy that changes",
                        "v1beta1",
                        "mutatingadmissionpolicies",
                        "spec: {mutations: [{}]}",
                        "1,'<unset>','5m'"),
                admission(
                        "a binding to parameters of any namespace",
                        "v1",
                        "validatingadmissionpolicybindings",
                        "spec: {policyName: p, paramRef: {name: c}}",
                        "'p','*/c','5m'"),
                admission(
                        "a binding to selected parameters",
                        "v1beta1",
                        "mutatingadmissionpolicybindings",
                        "spec: {policyName: p, paramRef: {selector: {matchLabels: {a: b}}}}",
                        "'p','&LabelSelector{MatchLabels:map[string]string{a:"
                                + " b,},MatchExpressions:[]LabelSelectorRequirement{},}','5m'"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shows(Case c) {
        var definition = REGISTRY.find(new GroupVersionResource(c.group, c.version, c.resource))
                .orElseThrow();
        var object = new DocumentDecoder()
                .decode("{%s, %s}".formatted(META, c.rest).getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                .document();

        var table = new Tables()
                .table(
                        definition,
                        List.of(object),
                        UnaryOperator.identity(),
                        Documents.object(),
                        "v1",
                        IncludeObject.NONE,
                        NOW);

        assertThat(new String(Documents.json(table.at("/rows/0/cells")), StandardCharsets.UTF_8))
                .isEqualTo("['x',%s]".formatted(c.cells).replace('\'', '"'));
        assertThat(table.at("/rows/0/cells")).hasSameSizeAs(table.path("columnDefinitions"));
    }
}
