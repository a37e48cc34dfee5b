package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.webhook.TestWebhook;
import dev.kapal.testkit.Conformance;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A webhook that lets no object in, nor one become so, that is labelled `bad`, save where it is not asked.
@Timeout(30)
class WebhookDenialTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private final Api api = Api.withDefaultNamespace();

    @TempDir
    private Path directory;

    private TestWebhook webhook;

    @BeforeEach
    void start() throws IOException {
        webhook = TestWebhook.start(directory)
                .on(
                        "/deny",
                        (request, response) -> response.put(
                                "allowed",
                                !request.at("/object/metadata/labels").has("bad")));
    }

    @AfterEach
    void close() {
        webhook.close();
        api.close();
    }

    private void ask(String path) {
        api.post("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", """
                        metadata: {name: w}
                        webhooks:
                        - name: w.example.com
                          clientConfig: {url: '%s', caBundle: %s}
                          rules: [{operations: [CREATE, UPDATE], apiGroups: [''], apiVersions: [v1], resources: [pods, configmaps]}]
                          namespaceSelector: {matchExpressions: [{key: free, operator: DoesNotExist}]}
                          timeoutSeconds: 1
                          sideEffects: None
                          admissionReviewVersions: [v1]
                        """.formatted(
                                webhook.url(path), webhook.caBundle()))
                .is(201);
    }

    private static void denied(Api.Answer answer) {
        assertThat(answer.is(400).at("message"))
                .isEqualTo("admission webhook \"w.example.com\" denied the request without explanation");
    }

    @Test
    @Conformance("api-webhook-deny-pod-configmap")
    void keepsOutWhatIsBadAndWhatBecomesSo() {
        ask("/deny");
        denied(api.post(PODS, "{metadata: {name: a, labels: {bad: x}}, spec: {containers: [{name: c, image: i}]}}"));
        api.get(PODS + "/a").is(404);
        denied(api.post(MAPS, "{metadata: {name: a, labels: {bad: x}}}"));
        api.get(MAPS + "/a").is(404);

        var good = api.post(MAPS, "{metadata: {name: good}}").is(201).json();
        good.withObject("/metadata/labels").put("bad", "x");
        denied(api.put(MAPS + "/good", good));
        denied(api.patch(MAPS + "/good", "merge-patch", "{\"metadata\":{\"labels\":{\"bad\":\"x\"}}}"));
        assertThat(api.get(MAPS + "/good").at("metadata.labels")).isEmpty();

        api.post("/api/v1/namespaces", "{metadata: {name: exempt, labels: {free: 'yes'}}}")
                .is(201);
        api.post("/api/v1/namespaces/exempt/configmaps", "{metadata: {name: a, labels: {bad: x}}}")
                .is(201);
    }

    @Test
    @Conformance("api-webhook-deny-pod-configmap")
    void keepsOutWhatItDoesNotAnswerAbout() {
        ask("/hang");
        assertThat(api.post(PODS, "{metadata: {name: a}, spec: {containers: [{name: c, image: i}]}}")
                        .is(500)
                        .at("message"))
                .contains("failed calling webhook \"w.example.com\"", "context deadline exceeded");
        api.get(PODS + "/a").is(404);
    }
}
