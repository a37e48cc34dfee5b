package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.testkit.Conformance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Evictions of pods that a disruption budget covers.
class DisruptionBudgetsTest {
    private static final String NS = "/api/v1/namespaces/default/";
    private static final String BUDGETS = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    private static final String VIOLATION = "Cannot evict pod as it would violate the pod's disruption budget.";
    private static final String READY =
            "{\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\"," + "\"status\":\"True\"}]}}";
    private final Api api = Api.withDefaultNamespace();

    @BeforeEach
    void setUp() {
        pod("web-1");
        patchStatus(NS + "pods/web-1", READY);
        api.post(BUDGETS, "{metadata: {name: web}, spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}}")
                .is(201);
    }

    @AfterEach
    void tearDown() {
        api.close();
    }

    private void pod(String name) {
        api.post(
                        NS + "pods",
                        "{metadata: {name: " + name
                                + ", labels: {app: web}}, spec: {nodeName: n1, containers: [{name: c, image: i}]}}")
                .is(201);
    }

    private void patchStatus(String object, String status) {
        api.patch(object + "/status", "merge-patch", status).is(200);
    }

    private void budgetSays(String status) {
        patchStatus(BUDGETS + "/web", "{\"status\":{" + status + "}}");
    }

    private Api.Answer evict(String pod) {
        return api.post(
                NS + "pods/" + pod + "/eviction",
                "{apiVersion: policy/v1, kind: Eviction, metadata: {name: " + pod + "}}");
    }

    @Test
    void waitForABudgetThatNobodyHasLookedAtYet() {
        var refusal = evict("web-1").is(429);

        assertThat(refusal.at("message")).isEqualTo(VIOLATION);
        assertThat(refusal.at("details.retryAfterSeconds")).isEqualTo("10");
        assertThat(refusal.at("details.causes.0.reason")).isEqualTo("DisruptionBudget");
        assertThat(refusal.at("details.causes.0.message"))
                .isEqualTo("The disruption budget web is still being processed by the server.");
    }

    @Test
    @Conformance("apps-pdb-block-eviction")
    void areRefusedUntilTheBudgetAllowsThem() {
        budgetSays("\"observedGeneration\":1,\"disruptionsAllowed\":0,\"currentHealthy\":1,\"desiredHealthy\":1");
        var refusal = evict("web-1").is(429);
        assertThat(refusal.at("reason")).isEqualTo("TooManyRequests");
        assertThat(refusal.at("details.causes.0.message"))
                .isEqualTo("The disruption budget web needs 1 healthy pods and has 1 currently");

        budgetSays("\"disruptionsAllowed\":1");
        assertThat(evict("web-1").is(201).at("status")).isEqualTo("Success");
        var budget = api.get(BUDGETS + "/web").is(200);
        assertThat(budget.at("status.disruptionsAllowed")).isEqualTo("0");
        assertThat(budget.json().path("status").path("disruptedPods").has("web-1"))
                .isTrue();
        assertThat(budget.at("status.conditions.0.reason")).isEqualTo("InsufficientPods");
        assertThat(api.get(NS + "pods/web-1").is(200).at("metadata.deletionTimestamp"))
                .isNotEmpty();
    }

    @Test
    void ofPodsThatAreNotReadyNeedNoLeaveWhileTheOthersAreEnough() {
        budgetSays("\"observedGeneration\":1,\"disruptionsAllowed\":0,\"currentHealthy\":1,\"desiredHealthy\":1");
        pod("web-2");
        patchStatus(NS + "pods/web-2", "{\"status\":{\"phase\":\"Running\"}}");

        evict("web-2").is(201);

        assertThat(api.get(BUDGETS + "/web").at("status.disruptedPods")).isEmpty();
    }

    @Test
    void leaveNoTraceWhenTheyAreTriedOnly() {
        budgetSays("\"observedGeneration\":1,\"disruptionsAllowed\":1,\"currentHealthy\":2,\"desiredHealthy\":1");

        api.post(
                        NS + "pods/web-1/eviction?dryRun=All",
                        "{apiVersion: policy/v1, kind: Eviction, metadata: {name: web-1}}")
                .is(201);

        assertThat(api.get(BUDGETS + "/web").at("status.disruptionsAllowed")).isEqualTo("1");
        assertThat(api.get(NS + "pods/web-1").at("metadata.deletionTimestamp")).isEmpty();
    }

    @Test
    void areNotDecidedWhenTwoBudgetsCoverAPod() {
        api.post(BUDGETS, "{metadata: {name: all}, spec: {maxUnavailable: 1, selector: {}}}")
                .is(201);

        assertThat(evict("web-1").is(500).at("message"))
                .isEqualTo("This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
                        + " support.");
    }
}
