package dev.kapal.apiserver.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.Protection;
import dev.kapal.apiserver.TestServer;
import dev.kapal.apiserver.authn.AuthenticationOptions;
import dev.kapal.apiserver.authz.AuthorizationOptions;
import dev.kapal.apiserver.authz.AuthorizationOptions.Mode;
import dev.kapal.http.Peer;
import dev.kapal.pki.Profile;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// The checks of the CIS Kubernetes Benchmark (v1.11) that a control plane without files of flags can be asked, each
/// under its number, against a server with all defaults.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CisBenchmarkTest {
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";

    private TestServer cluster;

    private interface Check {
        void run() throws Exception;
    }

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start().healthy();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @TestFactory
    List<DynamicTest> holds() {
        var checks = new LinkedHashMap<String, Check>();
        checks.put("1.1.20, 1.1.21 key and certificate files are closed to others", this::keyFiles);
        checks.put("1.2.1 strangers learn no more than health and version", this::strangers);
        checks.put(
                "1.2.2 there is no file of fixed tokens",
                () -> assertThat(AuthenticationOptions.DEFAULT.tokenFile()).isEmpty());
        checks.put(
                "1.2.2 there is no file of passwords",
                () -> assertThat(AuthenticationOptions.DEFAULT.passwordFile()).isEmpty());
        checks.put(
                "1.2.6, 1.2.7, 1.2.8 Node and RBAC decide, AlwaysAllow does not",
                () -> assertThat(AuthorizationOptions.DEFAULT.modes()).containsExactly(Mode.NODE, Mode.RBAC));
        checks.put("1.2.12 pods run under an account that exists", this::serviceAccounts);
        checks.put("1.2.13 nothing is created in a namespace that is not there", this::namespaces);
        checks.put("1.2.14 nodes write about themselves only", this::nodes);
        checks.put(
                "1.2.15 nobody profiles the server",
                () -> assertThat(status("/debug/pprof/")).isEqualTo(404));
        checks.put("1.2.20 the time that a request may take has a bound", this::timeout);
        checks.put("1.2.21 a token of an account that is gone is refused", this::lookup);
        checks.put("1.2.24, 1.2.25 clients are known by certificates of the cluster's authority", this::certificates);
        checks.put("5.1.1 cluster-admin is bound to the masters only", this::clusterAdmins);
        checks.put("5.1.2 no group of people reads secrets", this::secretReaders);
        checks.put("5.1.3 wildcards are for the administrator and collecting controllers", this::wildcards);
        checks.put("5.1.5 default accounts have no rights of their own", this::defaultAccounts);
        checks.put("5.1.7 nobody but the built-in binding names system:masters", this::masters);
        checks.put("5.1.8 bind, escalate and impersonate are rare", this::rareVerbs);
        checks.put("5.1.9 nobody creates persistent volumes by a role for people", this::volumes);
        var tests = new ArrayList<DynamicTest>();
        checks.forEach((name, check) -> tests.add(DynamicTest.dynamicTest(name, check::run)));
        return tests;
    }

    private int status(String path) throws Exception {
        return cluster.call("GET", path, "").status();
    }

    private ObjectNode list(String path) throws Exception {
        return cluster.call("GET", path, "").document();
    }

    private void keyFiles() throws Exception {
        try (var files = Files.list(cluster.pki().directory())) {
            for (var file :
                    files.filter(file -> file.toString().endsWith(".key")).toList()) {
                assertThat(Files.getPosixFilePermissions(file))
                        .as(file.toString())
                        .isSubsetOf(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            }
        }
        try (var files = Files.list(cluster.pki().directory())) {
            for (var file :
                    files.filter(file -> file.toString().endsWith(".crt")).toList()) {
                assertThat(Files.getPosixFilePermissions(file))
                        .as(file.toString())
                        .doesNotContain(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
            }
        }
    }

    private void strangers() throws Exception {
        try (var client = cluster.client(Optional.empty())) {
            for (var path : List.of("/livez", "/readyz", "/healthz", "/version")) {
                assertThat(cluster.get(client, path).statusCode()).as(path).isEqualTo(200);
            }
            for (var path : List.of("/", "/api", "/apis", "/metrics", "/api/v1/pods", "/openapi/v3", "/logs")) {
                assertThat(cluster.get(client, path).statusCode()).as(path).isEqualTo(403);
            }
        }
    }

    private void serviceAccounts() throws Exception {
        var refusal = cluster.call(
                "POST",
                "/api/v1/namespaces/default/pods",
                "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"serviceAccountName\":\"nobody\",\"containers\":[{\"name\":\"c\",\"image\":\"x\"}]}}");
        assertThat(refusal.status()).isEqualTo(403);
    }

    private void namespaces() throws Exception {
        var refusal = cluster.call("POST", "/api/v1/namespaces/nowhere/configmaps", "{\"metadata\":{\"name\":\"x\"}}");
        assertThat(refusal.status()).isEqualTo(404);
    }

    private void nodes() throws Exception {
        var n1 = new Peer.Local("system:node:n1", List.of("system:nodes"));
        var refusal = cluster.callAs(n1, "POST", "/api/v1/nodes", "{\"metadata\":{\"name\":\"n2\"}}");
        assertThat(refusal.status()).isEqualTo(403);
    }

    private void timeout() {
        assertThat(Protection.DEFAULT.requestTimeout()).isEqualTo(Duration.ofSeconds(60));
    }

    private void lookup() throws Exception {
        String accounts = "/api/v1/namespaces/default/serviceaccounts";
        cluster.create(accounts, "{apiVersion: v1, kind: ServiceAccount, metadata: {name: short}}");
        var token = cluster.call("POST", accounts + "/short/token", "{}")
                .document()
                .path("status")
                .path("token")
                .asText();
        cluster.call("DELETE", accounts + "/short", "");
        try (var client = cluster.client(Optional.empty())) {
            assertThat(cluster.get(client, "/api", "Authorization", "Bearer " + token)
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    private void certificates() throws Exception {
        var bob = cluster.pki().authority().issue(Profile.client("bob"));
        try (var client = cluster.client(Optional.of(bob))) {
            assertThat(cluster.get(client, "/api").statusCode()).isEqualTo(200);
        }
        assertThat(cluster.pki().authority().certificate().getNotAfter().toInstant())
                .isAfter(Instant.now().plus(Duration.ofDays(365)));
    }

    private Map<String, List<String>> subjectsOf(String role) throws Exception {
        var found = new LinkedHashMap<String, List<String>>();
        for (var plural : List.of("clusterrolebindings", "rolebindings")) {
            for (var binding : list(RBAC + plural).path("items")) {
                if (binding.path("roleRef").path("name").asText().equals(role)) {
                    var names = new ArrayList<String>();
                    binding.path("subjects")
                            .forEach(subject -> names.add(subject.path("name").asText()));
                    found.put(binding.path("metadata").path("name").asText(), names);
                }
            }
        }
        return found;
    }

    private void clusterAdmins() throws Exception {
        assertThat(subjectsOf("cluster-admin")).isEqualTo(Map.of("cluster-admin", List.of("system:masters")));
    }

    private boolean may(String user, List<String> groups, String verb, String group, String resource) throws Exception {
        String list = groups.isEmpty() ? "" : "\"" + String.join("\",\"", groups) + "\"";
        var review = cluster.call(
                "POST",
                "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                "{\"spec\":{\"user\":\"%s\",\"groups\":[%s],\"resourceAttributes\":{\"verb\":\"%s\",\"group\":\"%s\",\"resource\":\"%s\",\"namespace\":\"kube-system\"}}}"
                        .formatted(user, list, verb, group, resource));
        assertThat(review.status()).isEqualTo(201);
        return review.document().path("status").path("allowed").asBoolean();
    }

    private void secretReaders() throws Exception {
        for (var group : List.of(
                "system:authenticated",
                "system:unauthenticated",
                "system:serviceaccounts",
                "system:nodes",
                "system:bootstrappers",
                "system:monitoring")) {
            assertThat(may("someone", List.of(group), "list", "", "secrets"))
                    .as(group)
                    .isFalse();
        }
        for (var user : List.of("system:kube-scheduler", "system:kube-proxy")) {
            assertThat(may(user, List.of(), "list", "", "secrets")).as(user).isFalse();
        }
    }

    private Set<String> rolesWith(String field, String word) throws Exception {
        var found = new TreeSet<String>();
        for (var role : list(RBAC + "clusterroles").path("items")) {
            for (var rule : role.path("rules")) {
                for (var value : rule.path(field)) {
                    if (value.asText().equals(word)) {
                        found.add(role.path("metadata").path("name").asText());
                    }
                }
            }
        }
        return found;
    }

    private void wildcards() throws Exception {
        assertThat(rolesWith("resources", "*"))
                .containsExactlyInAnyOrder(
                        "cluster-admin",
                        "kapal:controllers",
                        "system:controller:generic-garbage-collector",
                        "system:controller:horizontal-pod-autoscaler",
                        "system:controller:namespace-controller",
                        "system:controller:resourcequota-controller",
                        "system:kube-controller-manager");
        assertThat(rolesWith("verbs", "*")).containsExactlyInAnyOrder("cluster-admin", "system:kubelet-api-admin");
    }

    private void defaultAccounts() throws Exception {
        for (var plural : List.of("clusterrolebindings", "rolebindings")) {
            for (var binding : list(RBAC + plural).path("items")) {
                for (var subject : binding.path("subjects")) {
                    boolean account = subject.path("kind").asText().equals("ServiceAccount");
                    assertThat(account && subject.path("name").asText().equals("default"))
                            .as(binding.toString())
                            .isFalse();
                }
            }
        }
    }

    private void masters() throws Exception {
        var named = new ArrayList<String>();
        for (var plural : List.of("clusterrolebindings", "rolebindings")) {
            for (var binding : list(RBAC + plural).path("items")) {
                for (var subject : binding.path("subjects")) {
                    if (subject.path("name").asText().equals("system:masters")) {
                        named.add(binding.path("metadata").path("name").asText());
                    }
                }
            }
        }
        assertThat(named).containsExactly("cluster-admin");
    }

    private void rareVerbs() throws Exception {
        assertThat(rolesWith("verbs", "bind")).isEmpty();
        assertThat(rolesWith("verbs", "escalate"))
                .containsExactlyInAnyOrder("kapal:controllers", "system:controller:clusterrole-aggregation-controller");
        assertThat(rolesWith("verbs", "impersonate")).containsExactly("system:aggregate-to-edit");
    }

    private void volumes() throws Exception {
        for (var role : List.of("system:aggregate-to-edit", "system:aggregate-to-admin", "system:aggregate-to-view")) {
            assertThat(rolesWith("resources", "persistentvolumes")).as(role).doesNotContain(role);
        }
    }
}
