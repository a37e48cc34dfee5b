package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.testkit.Conformance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Policies as writers meet them.
class PoliciesTest {
    private static final String GROUP = "/apis/admissionregistration.k8s.io/";
    private static final String VALIDATING = GROUP + "v1/validatingadmissionpolicies";
    private static final String BINDINGS = GROUP + "v1/validatingadmissionpolicybindings";
    private static final String MUTATING = GROUP + "v1beta1/mutatingadmissionpolicies";
    private static final String MUTATING_BINDINGS = GROUP + "v1beta1/mutatingadmissionpolicybindings";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String ON_MAPS = "matchConstraints: {resourceRules: [{operations: [CREATE, UPDATE], apiGroups:"
            + " [''], apiVersions: [v1], resources: [configmaps]}]}, ";
    private static final String ON_DEPLOYMENTS = "matchConstraints: {resourceRules: [{operations: [CREATE, UPDATE],"
            + " apiGroups: [apps], apiVersions: [v1], resources: [deployments]}]}, ";

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    private void policy(String spec) {
        api.post(VALIDATING, "{metadata: {name: p}, spec: {" + spec + "}}").is(201);
    }

    private void bind(String more) {
        api.post(BINDINGS, "{metadata: {name: b}, spec: {policyName: p, " + more + "}}")
                .is(201);
    }

    private void mutation(String mutations, String more) {
        api.post(
                        MUTATING,
                        "{metadata: {name: m}, spec: {" + more + "reinvocationPolicy: Never, mutations: [" + mutations
                                + "]}}")
                .is(201);
        api.post(MUTATING_BINDINGS, "{metadata: {name: mb}, spec: {policyName: m}}")
                .is(201);
    }

    private Api.Answer map(String name, String data) {
        return api.post(MAPS, "{metadata: {name: " + name + "}, data: {" + data + "}}");
    }

    private Api.Answer deployment(String name, int replicas) {
        return api.post(
                "/apis/apps/v1/namespaces/default/deployments",
                "{metadata: {name: " + name + "}, spec: {replicas: " + replicas + ", selector: {matchLabels: {a: b}},"
                        + " template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}");
    }

    @Test
    @Conformance("api-vap-deployment")
    void aDeploymentIsHeldToItsExpression() {
        policy(ON_DEPLOYMENTS + "validations: [{expression: 'object.spec.replicas <= 5'}]");
        deployment("unbound", 6).is(201);
        bind("validationActions: [Deny]");
        var refused = deployment("big", 6).is(422);
        assertThat(refused.at("message"))
                .isEqualTo(
                        "deployments.apps \"big\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied"
                                + " request: failed expression: object.spec.replicas <= 5");
        assertThat(refused.at("reason")).isEqualTo("Invalid");
        deployment("small", 5).is(201);
    }

    @Test
    @Conformance("api-vap-variables")
    void expressionsReadVariablesAndSayTheirOwnMessage() {
        policy(ON_DEPLOYMENTS
                + "variables: [{name: replicas, expression: object.spec.replicas}, {name: odd, expression:"
                + " 'variables.replicas % 2 == 1'}], validations: [{expression: '!variables.odd', messageExpression:"
                + " '\"replicas \" + string(variables.replicas) + \" is odd\"', reason: Forbidden}]");
        bind("validationActions: [Deny]");
        var refused = deployment("odd", 3).is(403);
        assertThat(refused.at("message")).endsWith("denied request: replicas 3 is odd");
        assertThat(refused.at("reason")).isEqualTo("Forbidden");
        deployment("even", 2).is(201);
    }

    @Test
    void anObjectThatIsMissingAFieldFailsByPolicy() {
        policy(ON_MAPS + "validations: [{expression: 'object.data.wanted == \"x\"'}]");
        bind("validationActions: [Deny]");
        assertThat(map("a", "other: x").is(422).at("message"))
                .endsWith("denied request: expression 'object.data.wanted == \"x\"' resulted in error: no such key:"
                        + " wanted");
    }

    @Test
    void warningsAndAuditsLetTheRequestPass() {
        policy(ON_MAPS + "validations: [{expression: 'has(object.data.wanted)', message: want it}]");
        bind("validationActions: [Warn, Audit]");
        assertThat(map("a", "other: x").is(201).headers().first("Warning"))
                .contains("299 - \"Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': want it\"");
    }

    @Test
    void parametersComeFromOtherObjects() {
        policy(ON_DEPLOYMENTS + "paramKind: {apiVersion: v1, kind: ConfigMap}, validations: [{expression:"
                + " 'object.spec.replicas <= int(params.data.most)'}]");
        bind("validationActions: [Deny], paramRef: {name: limits, namespace: default, parameterNotFoundAction: Deny}");
        assertThat(deployment("early", 1).is(422).at("message"))
                .endsWith("denied request: failed to configure binding: no params found for policy binding with `Deny`"
                        + " parameterNotFoundAction");
        map("limits", "most: '3'").is(201);
        deployment("big", 4).is(422);
        deployment("small", 3).is(201);
    }

    @Test
    void conditionsSelectorsAndTheNamespaceChoose() {
        policy(ON_MAPS + "matchConditions: [{name: by-name, expression: 'object.metadata.name.startsWith(\"x\")'}],"
                + " validations: [{expression: 'namespaceObject.metadata.name == \"other\" &&"
                + " request.userInfo.username == \"admin\"'}]");
        bind("validationActions: [Deny], matchResources: {objectSelector: {matchLabels: {seen: 'yes'}}}");
        map("x1", "").is(201);
        api.post(MAPS, "{metadata: {name: z, labels: {seen: 'yes'}}}").is(201);
        api.post(MAPS, "{metadata: {name: x2, labels: {seen: 'yes'}}}").is(422);
    }

    @Test
    void theUsersRightsCanBeAsked() {
        policy(ON_MAPS + "validations: [{expression:"
                + " 'authorizer.group(\"apps\").resource(\"deployments\").check(\"get\").allowed()'}]");
        bind("validationActions: [Deny]");
        map("a", "").is(201);
    }

    @Test
    void aPolicyIsToldWhatItGetsWrongAboutItsTypes() {
        try (var watch = api.watch(VALIDATING + "?watch=true&fieldSelector=metadata.name=p")) {
            policy(ON_DEPLOYMENTS + "validations: [{expression: 'object.replicas > 1'}]");
            var event = watch.next();
            while (!event.path("object").path("status").has("observedGeneration")) {
                event = watch.next();
            }
            var status = event.path("object").path("status");
            assertThat(status.path("observedGeneration").asInt()).isEqualTo(1);
            var warning = status.path("typeChecking").path("expressionWarnings").path(0);
            assertThat(warning.path("fieldRef").asText()).isEqualTo("spec.validations[0].expression");
            assertThat(warning.path("warning").asText())
                    .isEqualTo("apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'\n"
                            + " | object.replicas > 1\n"
                            + " | ......^");
        }
    }

    @Test
    void aMutatingPolicyAppliesAConfiguration() {
        mutation(
                "{patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{metadata:"
                        + " Object.metadata{labels: {\"added\": \"yes\"}}, data: {\"extra\": \"1\"}}'}}",
                ON_MAPS);
        var map = map("a", "own: x").is(201);
        assertThat(map.at("metadata.labels.added")).isEqualTo("yes");
        assertThat(map.at("data.own")).isEqualTo("x");
        assertThat(map.at("data.extra")).isEqualTo("1");
    }

    @Test
    void aMutatingPolicyPatchesAndLeavesWhatItsTestDoesNotFit() {
        mutation(
                "{patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: \"test\", path: \"/data/own\", value:"
                        + " \"x\"}, JSONPatch{op: \"add\", path: \"/data/\" + jsonpatch.escapeKey(\"a/b\"), value:"
                        + " \"y\"}]'}}",
                ON_MAPS + "failurePolicy: Fail, ");
        assertThat(map("other", "own: z").is(201).at("data")).isEqualTo("{\"own\":\"z\"}");
    }

    @Test
    void aMutatingPolicyThatFailsRefuses() {
        mutation(
                "{patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: \"add\", path: \"/data/b\", value:"
                        + " object.data.missing}]'}}",
                ON_MAPS);
        var refused = map("a", "own: x").is(403);
        assertThat(refused.at("message"))
                .startsWith("policy 'm' with binding 'mb' denied request: expression '")
                .endsWith("resulted in error: no such key: missing");
        assertThat(refused.at("reason")).isEqualTo("Invalid");
    }
}
