package dev.kapal.apiserver.authz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.TestServer;
import dev.kapal.apiserver.TestServer.Answer;
import dev.kapal.http.Peer;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What roles and bindings give, and what nobody can give himself.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RbacTest {
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
    private static final String ROLES = RBAC + "/namespaces/default/roles";
    private static final String BINDINGS = RBAC + "/namespaces/default/rolebindings";
    private static final String CLUSTER_ROLES = RBAC + "/clusterroles";
    private static final String CLUSTER_BINDINGS = RBAC + "/clusterrolebindings";
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private TestServer server;

    @BeforeAll
    void start() {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Answer as(String user, String method, String path, String yaml) throws Exception {
        return server.callAs(new Peer.Local(user, List.of("devs")), method, path, json(yaml));
    }

    private Answer get(String user, String path) throws Exception {
        return server.callAs(new Peer.Local(user, List.of("devs")), "GET", path, "");
    }

    private static String json(String yaml) throws Exception {
        return yaml.isEmpty()
                ? ""
                : Documents.text(new DocumentDecoder()
                        .decode(yaml.getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                        .document());
    }

    private void create(String path, String yaml) throws Exception {
        var answer = server.call("POST", path, json(yaml));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private static String message(Answer answer) {
        return answer.document().path("message").asText();
    }

    private void grant(String user, String rule) throws Exception {
        create(ROLES, "{metadata: {name: for-" + user + "}, rules: [" + rule + "]}");
        create(
                BINDINGS,
                "{metadata: {name: " + user + "}, roleRef: {kind: Role, name: for-" + user
                        + "}, subjects: [{kind: User, name: " + user + "}]}");
    }

    @Test
    void aRoleHoldsInItsNamespaceAndTheMomentItIsBound() throws Exception {
        assertThat(get("ann", PODS).status()).isEqualTo(403);
        grant("ann", "{apiGroups: [''], resources: [pods], verbs: [get, list]}");
        assertThat(get("ann", PODS).status()).isEqualTo(200);
        assertThat(get("ann", "/api/v1/namespaces/kube-system/pods").status()).isEqualTo(403);
        assertThat(get("ann", "/api/v1/pods").status()).isEqualTo(403);
        assertThat(get("ann", PODS + "/x/log").status()).isEqualTo(403);
        assertThat(message(get("ann", PODS + "?watch=1")))
                .isEqualTo("pods is forbidden: User \"ann\" cannot watch resource \"pods\" in API group \"\""
                        + " in the namespace \"default\"");
    }

    @Test
    void namesSubresourcesAndWildcardsAreTakenAtTheirWord() throws Exception {
        grant(
                "bea",
                "{apiGroups: [''], resources: [configmaps], resourceNames: [one], verbs: [get, list]},"
                        + "{apiGroups: ['*'], resources: ['*/scale'], verbs: [get]},"
                        + "{apiGroups: [''], resources: [pods/log], verbs: ['*']}");
        assertThat(get("bea", "/api/v1/namespaces/default/configmaps/one").status())
                .isEqualTo(404);
        assertThat(get("bea", "/api/v1/namespaces/default/configmaps/two").status())
                .isEqualTo(403);
        assertThat(get("bea", "/api/v1/namespaces/default/configmaps").status()).isEqualTo(403);
        assertThat(get("bea", "/api/v1/namespaces/default/configmaps?fieldSelector=metadata.name%3Done")
                        .status())
                .isEqualTo(200);
        assertThat(get("bea", "/apis/apps/v1/namespaces/default/deployments/x/scale")
                        .status())
                .isEqualTo(404);
        assertThat(get("bea", "/apis/apps/v1/namespaces/default/deployments/x").status())
                .isEqualTo(403);
        assertThat(get("bea", PODS + "/x/log").status()).isEqualTo(404);
    }

    @Test
    void pathsAreForClusterRolesAndMayEndInAStar() throws Exception {
        create(
                CLUSTER_ROLES,
                "{metadata: {name: paths}, rules: [{nonResourceURLs: [/metrics, '/openid/*'], verbs: [get]}]}");
        create(
                CLUSTER_BINDINGS,
                "{metadata: {name: paths}, roleRef: {kind: ClusterRole, name: paths}, subjects: [{kind: User, name: cleo}]}");
        assertThat(get("cleo", "/metrics").status()).isEqualTo(200);
        assertThat(get("cleo", "/openid/v1/jwks").status()).isEqualTo(200);
        assertThat(message(get("cleo", "/metrics/slis")))
                .isEqualTo("forbidden: User \"cleo\" cannot get path \"/metrics/slis\"");
        var refused = server.call(
                "POST", ROLES, json("{metadata: {name: p}, rules: [{nonResourceURLs: [/metrics], verbs: [get]}]}"));
        assertThat(message(refused)).contains("namespaced rules cannot apply to non-resource URLs");
    }

    @Test
    void accountsAndGroupsAreSubjectsToo() throws Exception {
        create(
                BINDINGS,
                "{metadata: {name: robots}, roleRef: {kind: ClusterRole, name: system:kube-dns},"
                        + " subjects: [{kind: ServiceAccount, name: bot}, {kind: Group, name: ops}]}");
        var services = "/api/v1/namespaces/default/services";
        assertThat(get("system:serviceaccount:default:bot", services).status()).isEqualTo(200);
        assertThat(get("system:serviceaccount:other:bot", services).status()).isEqualTo(403);
        assertThat(server.callAs(new Peer.Local("olga", List.of("ops")), "GET", services, "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aMissingRoleIsNamedInTheRefusal() throws Exception {
        create(
                CLUSTER_BINDINGS,
                "{metadata: {name: lost}, roleRef: {kind: ClusterRole, name: nowhere}, subjects: [{kind: User, name: dora}]}");
        assertThat(message(get("dora", PODS)))
                .isEqualTo("pods is forbidden: User \"dora\" cannot list resource \"pods\" in API group \"\" in the"
                        + " namespace \"default\": RBAC: clusterrole.rbac.authorization.k8s.io \"nowhere\" not found");
    }

    @Test
    void takingAwayEndsTheRight() throws Exception {
        grant("eve", "{apiGroups: [''], resources: [pods], verbs: [list]}");
        assertThat(get("eve", PODS).status()).isEqualTo(200);
        server.call("DELETE", BINDINGS + "/eve", "");
        server.call("GET", BINDINGS + "/eve", ""); // a read waits for the caches, so the index can know
        assertThat(get("eve", PODS).status()).isEqualTo(403);
    }

    @Test
    void whatARoleBindsCannotChange() throws Exception {
        grant("fay", "{apiGroups: [''], resources: [pods], verbs: [list]}");
        var binding = server.call("GET", BINDINGS + "/fay", "").document();
        ((ObjectNode) binding.path("roleRef")).put("name", "other");
        var answer = server.call("PUT", BINDINGS + "/fay", Documents.text(binding));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(message(answer)).contains("cannot change roleRef");
    }

    @Test
    void nobodyWritesARoleThatHoldsMoreThanHeHolds() throws Exception {
        grant(
                "gil",
                "{apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [create, update, patch]},"
                        + "{apiGroups: [''], resources: [pods], verbs: [get, list]}");
        var small = "{metadata: {name: small}, rules: [{apiGroups: [''], resources: [pods], verbs: [list]}]}";
        assertThat(as("gil", "POST", ROLES, small).status()).isEqualTo(201);
        var large =
                "{metadata: {name: large}, rules: [{apiGroups: [''], resources: [pods, secrets], verbs: [get, list, delete]}]}";
        var answer = as("gil", "POST", ROLES, large);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(message(answer))
                .isEqualTo("roles.rbac.authorization.k8s.io \"large\" is forbidden: user \"gil\""
                        + " (groups=[\"devs\" \"system:authenticated\"]) is attempting to grant RBAC permissions not"
                        + " currently held:\n"
                        + "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"delete\"]}\n"
                        + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"list\" \"delete\"]}");
        var grown = "{metadata: {name: small}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]}";
        assertThat(as("gil", "PUT", ROLES + "/small", grown).status()).isEqualTo(403);
    }

    @Test
    void nobodyBindsARoleThatHoldsMoreThanHeHolds() throws Exception {
        grant("hal", "{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}");
        String binding =
                "{metadata: {name: %s}, roleRef: {kind: ClusterRole, name: %s}, subjects: [{kind: User, name: hal}]}";
        var answer = as("hal", "POST", BINDINGS, binding.formatted("up", "cluster-admin"));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(message(answer)).contains("is attempting to grant RBAC permissions not currently held");
        assertThat(as("hal", "POST", BINDINGS, binding.formatted("gone", "missing"))
                        .status())
                .isEqualTo(404);

        create(
                ROLES,
                "{metadata: {name: binder}, rules: [{apiGroups: [rbac.authorization.k8s.io],"
                        + " resources: [clusterroles], resourceNames: [view], verbs: [bind]}]}");
        create(
                BINDINGS,
                "{metadata: {name: binder}, roleRef: {kind: Role, name: binder}, subjects: [{kind: User, name: hal}]}");
        assertThat(as("hal", "POST", BINDINGS, binding.formatted("viewer", "view"))
                        .status())
                .isEqualTo(201);
        assertThat(as("hal", "POST", BINDINGS, binding.formatted("editor", "system:aggregate-to-edit"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void whoMayEscalateMay() throws Exception {
        grant("ida", "{apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [create, escalate]}");
        assertThat(as(
                                "ida",
                                "POST",
                                ROLES,
                                "{metadata: {name: all}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void anAggregatedRoleNeedsAllRights() throws Exception {
        create(
                CLUSTER_ROLES,
                "{metadata: {name: role-writer}, rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: ['*']}]}");
        create(
                CLUSTER_BINDINGS,
                "{metadata: {name: jim}, roleRef: {kind: ClusterRole, name: system:aggregate-to-view}, subjects: [{kind: User, name: jim}]}");
        create(
                CLUSTER_BINDINGS,
                "{metadata: {name: jim-too}, roleRef: {kind: ClusterRole, name: writer-of-roles}, subjects: [{kind: User, name: jim}]}");
        create(
                CLUSTER_ROLES,
                "{metadata: {name: writer-of-roles}, rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [create]}]}");
        var answer = as(
                "jim",
                "POST",
                CLUSTER_ROLES,
                "{metadata: {name: sum}, aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}}");
        assertThat(message(answer))
                .isEqualTo("clusterroles.rbac.authorization.k8s.io \"sum\" is forbidden: must have cluster-admin"
                        + " privileges to use an aggregationRule");
    }
}
