package dev.kapal.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.model.codec.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditPolicyTest {
    private static final AuditPolicy POLICY = parse("""
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            omitManagedFields: true
            rules:
            - level: None
              users: ["system:kube-proxy"]
              verbs: [watch]
              resources:
              - group: ""
                resources: [endpoints, services]
            - level: None
              userGroups: ["system:authenticated"]
              nonResourceURLs: ["/api*", "/version"]
            - level: Request
              resources:
              - group: ""
                resources: [configmaps]
              namespaces: [kube-system]
            - level: Metadata
              omitStages: [ResponseStarted]
              omitManagedFields: false
              resources:
              - group: ""
                resources: ["pods/log", "nodes/*", "*/scale"]
              - group: ""
                resources: [secrets]
                resourceNames: [one]
            - level: RequestResponse
              resources:
              - group: apps
            """);

    private static AuditPolicy parse(String yaml) {
        return AuditPolicyFile.parse(yaml.getBytes(StandardCharsets.UTF_8), MediaType.YAML);
    }

    @ParameterizedTest
    @CsvSource({
        "system:kube-proxy, GET, /api/v1/services?watch=1, NONE",
        "bob, GET, /api/v1/services?watch=1, NONE",
        "bob, GET, /version, NONE",
        "bob, GET, /apis/apps/v1, NONE",
        "bob, GET, /metrics, NONE",
        "bob, PUT, /api/v1/namespaces/kube-system/configmaps/a, REQUEST",
        "bob, PUT, /api/v1/namespaces/default/configmaps/a, NONE",
        "bob, GET, /api/v1/namespaces/default/pods/a/log, METADATA",
        "bob, GET, /api/v1/namespaces/default/pods/a, NONE",
        "bob, GET, /api/v1/nodes/a/proxy, METADATA",
        "bob, GET, /api/v1/nodes/a, METADATA",
        "bob, GET, /api/v1/namespaces/default/replicationcontrollers/a/scale, METADATA",
        "bob, GET, /api/v1/namespaces/default/secrets/one, METADATA",
        "bob, GET, /api/v1/namespaces/default/secrets/two, NONE",
        "bob, DELETE, /apis/apps/v1/namespaces/default/deployments/a, REQUEST_RESPONSE",
    })
    void takesTheFirstRuleThatMatches(String user, String method, String target, AuditLevel level) {
        assertThat(POLICY.decide(User.of(user, "system:authenticated"), info(method, target))
                        .level())
                .isEqualTo(level);
    }

    private static RequestInfo info(String method, String target) {
        var path = target.split("\\?", -1)[0];
        return RequestInfo.of(
                method, path, name -> name.equals("watch") && target.contains("watch=1") ? List.of("1") : List.of());
    }

    @Test
    void addsWhatTheWholePolicyOmits() {
        var log = POLICY.decide(User.of("bob"), info("GET", "/api/v1/namespaces/default/pods/a/log"));
        assertThat(log.omitted()).containsExactly(AuditStage.REQUEST_RECEIVED, AuditStage.RESPONSE_STARTED);
        assertThat(log.omitManagedFields()).isFalse();
        assertThat(POLICY.decide(User.of("bob"), info("GET", "/apis/apps/v1/deployments"))
                        .omitManagedFields())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules: [] | loaded illegal policy with 0 rules",
                "rules: [{level: Loud}] | rules[0].level: Unsupported value: \"Loud\": supported values: \"Metadata\", \"None\", \"Request\", \"RequestResponse\"",
                "rules: [{users: [a]}] | rules[0].level: Required value",
                "rules: [{level: None, user: a}] | strict decoding error: unknown field \"rules[0].user\"",
                "rules: [{level: None, nonResourceURLs: [api]}] | rules[0].nonResourceURLs: Invalid value: \"api\": non-resource URL rules must begin with a '/' character",
                "rules: [{level: None, omitStages: [Never]}] | rules[0].omitStages: Unsupported value: \"Never\"",
            })
    void refusesAPolicyItDoesNotUnderstand(String rules, String message) {
        assertThatThrownBy(() -> parse("apiVersion: audit.k8s.io/v1\nkind: Policy\n" + rules))
                .isInstanceOf(AuditPolicyFile.Unusable.class)
                .hasMessageContaining(message);
    }

    @Test
    void hasAUsualPolicyThatLeavesOutHeartBeats() {
        var usual = AuditPolicyFile.usual();
        var node = User.of("system:node:n1", "system:nodes");
        assertThat(usual.decide(node, info("PUT", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1"))
                        .level())
                .isEqualTo(AuditLevel.NONE);
        assertThat(usual.decide(node, info("GET", "/api/v1/namespaces/default/secrets/a"))
                        .level())
                .isEqualTo(AuditLevel.METADATA);
        assertThat(usual.decide(User.of("system:anonymous"), info("GET", "/readyz"))
                        .level())
                .isEqualTo(AuditLevel.NONE);
    }
}
