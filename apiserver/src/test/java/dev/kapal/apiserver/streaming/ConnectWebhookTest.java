package dev.kapal.apiserver.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.TestServer;
import dev.kapal.apiserver.webhook.TestWebhook;
import dev.kapal.testkit.Conformance;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks on what is no write: connections to a pod.
@Timeout(60)
class ConnectWebhookTest {
    @Test
    @Conformance("api-webhook-deny-attach")
    void aWebhookDeniesToAttach(@TempDir Path directory) throws Exception {
        try (var webhook =
                        TestWebhook.start(directory).on("/deny", TestWebhook.deny("attaching to pod is not allowed"));
                var cluster = TestServer.start()) {
            cluster.create(
                    "/api/v1/namespaces/default/serviceaccounts",
                    "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}");
            cluster.create(
                    "/api/v1/namespaces/default/pods",
                    "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: app, image: x}]}}");
            cluster.create(
                    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
                    "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name:"
                            + " v}, webhooks: [{name: deny.example.com, clientConfig: {url: '" + webhook.url("/deny")
                            + "', caBundle: " + webhook.caBundle()
                            + "}, rules: [{operations: [CONNECT], apiGroups: [''],"
                            + " apiVersions: [v1], resources: [pods/attach]}], sideEffects: None,"
                            + " admissionReviewVersions: [v1]}]}");
            var answer = cluster.call(
                    "GET", "/api/v1/namespaces/default/pods/web/attach?container=app&stdin=true&stdout=true", "");
            assertThat(answer.text())
                    .contains("admission webhook \\\"deny.example.com\\\" denied the request: attaching to pod is not"
                            + " allowed");
            var request = webhook.requests().getFirst();
            assertThat(request.path("operation").asText()).isEqualTo("CONNECT");
            assertThat(request.path("kind").path("kind").asText()).isEqualTo("PodAttachOptions");
            assertThat(request.path("object").path("container").asText()).isEqualTo("app");
            assertThat(request.path("object").path("stdin").asBoolean()).isTrue();
            assertThat(cluster.call("GET", "/api/v1/namespaces/default/pods/web/exec?command=a", "")
                            .text())
                    .doesNotContain("denied the request");
        }
    }

    @Test
    @Conformance("api-webhook-discovery")
    void theGroupOfWebhooksIsDiscovered() throws Exception {
        try (var cluster = TestServer.start()) {
            assertThat(cluster.call("GET", "/apis", "").text())
                    .contains("\"groupVersion\":\"admissionregistration.k8s.io/v1\"");
            assertThat(cluster.call("GET", "/apis/admissionregistration.k8s.io", "")
                            .text())
                    .contains("\"groupVersion\":\"admissionregistration.k8s.io/v1\"");
            assertThat(cluster.call("GET", "/apis/admissionregistration.k8s.io/v1", "")
                            .text())
                    .contains("\"name\":\"mutatingwebhookconfigurations\"")
                    .contains("\"name\":\"validatingwebhookconfigurations\"");
        }
    }
}
