package dev.kapal.apiserver.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.TestServer;
import dev.kapal.apiserver.TestServer.Answer;
import dev.kapal.http.Peer;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.testkit.Conformance;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The API's answers to "who may do what".
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessReviewTest {
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/";
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";

    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
        server.create(
                RBAC + "namespaces/default/rolebindings",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: bot}, roleRef:"
                        + " {kind: ClusterRole, name: system:aggregate-to-view},"
                        + " subjects: [{kind: ServiceAccount, name: bot}]}");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Answer ask(String user, String resource, String yaml) throws Exception {
        var body = Documents.text(new DocumentDecoder()
                .decode(yaml.getBytes(StandardCharsets.UTF_8), MediaType.YAML)
                .document());
        return server.callAs(
                new Peer.Local(user, user.equals("admin") ? List.of("system:masters") : List.of()),
                "POST",
                REVIEWS + resource,
                body);
    }

    @Test
    @Conformance("auth-subjectreview-api")
    void anAdministratorAsksAboutAnAccount() throws Exception {
        String question = "{spec: {user: 'system:serviceaccount:default:bot', resourceAttributes:"
                + " {verb: %s, resource: pods, namespace: default}}}";
        var yes = ask("admin", "subjectaccessreviews", question.formatted("list"));
        assertThat(yes.status()).isEqualTo(201);
        assertThat(yes.document().path("status").path("allowed").asBoolean()).isTrue();
        assertThat(yes.document().path("status").path("reason").asText())
                .isEqualTo("RBAC: allowed by RoleBinding \"bot/default\" of ClusterRole \"system:aggregate-to-view\" to"
                        + " ServiceAccount \"bot/default\"");
        var no = ask("admin", "subjectaccessreviews", question.formatted("delete"));
        assertThat(no.document().path("status").path("allowed").asBoolean()).isFalse();
        assertThat(no.document().path("status").has("denied")).isFalse();

        String local = "namespaces/default/localsubjectaccessreviews";
        var there = ask("admin", local, question.formatted("list"));
        assertThat(there.document().path("status").path("allowed").asBoolean()).isTrue();
        assertThat(there.document().path("metadata").path("namespace").asText()).isEqualTo("default");
        var elsewhere = ask("admin", "namespaces/kube-system/localsubjectaccessreviews", question.formatted("list"));
        assertThat(elsewhere.status()).isEqualTo(422);
        assertThat(elsewhere.document().path("message").asText()).contains("must match metadata.namespace");
    }

    @Test
    void everybodyMayAskAboutHimselfAndNobodyAboutOthers() throws Exception {
        var self = ask(
                "system:serviceaccount:default:bot",
                "selfsubjectaccessreviews",
                "{spec: {resourceAttributes: {verb: get, resource: pods, subresource: log, namespace: default}}}");
        assertThat(self.document().path("status").path("allowed").asBoolean()).isTrue();
        var path = ask("eve", "selfsubjectaccessreviews", "{spec: {nonResourceAttributes: {verb: get, path: /api}}}");
        assertThat(path.document().path("status").path("allowed").asBoolean()).isTrue();
        assertThat(ask(
                                "eve",
                                "subjectaccessreviews",
                                "{spec: {user: bob, nonResourceAttributes: {verb: get, path: /}}}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aQuestionMustBeOne() throws Exception {
        var none = ask("admin", "subjectaccessreviews", "{kind: SubjectAccessReview, spec: {}}");
        assertThat(none.status()).isEqualTo(422);
        assertThat(none.document().path("message").asText())
                .contains("exactly one of nonResourceAttributes or resourceAttributes must be specified")
                .contains("at least one of user or group must be specified");
        var named = ask(
                "admin",
                "selfsubjectaccessreviews",
                "{metadata: {name: x}, spec: {nonResourceAttributes: {verb: get, path: /}}}");
        assertThat(named.document().path("message").asText())
                .contains("metadata")
                .contains("must be empty");
        assertThat(server.call("GET", REVIEWS + "subjectaccessreviews", "").status())
                .isEqualTo(405);
    }

    @Test
    void theRulesOfANamespaceAreListed() throws Exception {
        var rules = ask("system:serviceaccount:default:bot", "selfsubjectrulesreviews", "{spec: {namespace: default}}")
                .document()
                .path("status");
        assertThat(rules.path("incomplete").asBoolean()).isFalse();
        assertThat(rules.path("resourceRules").toString())
                .contains("selfsubjectaccessreviews")
                .contains("pods/log");
        assertThat(rules.path("nonResourceRules").toString()).contains("/openapi/*");
        var nowhere = ask("bob", "selfsubjectrulesreviews", "{spec: {}}");
        assertThat(nowhere.document().path("message").asText()).isEqualTo("no namespace on request");
    }
}
