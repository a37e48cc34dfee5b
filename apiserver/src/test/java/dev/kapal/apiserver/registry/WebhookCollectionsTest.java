package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.webhook.TestWebhook;
import dev.kapal.testkit.Conformance;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many webhook configurations that are listed and deleted as one.
class WebhookCollectionsTest {
    private static final String KINDS = "/apis/admissionregistration.k8s.io/v1/";
    private static final String SELECTED = "?labelSelector=set%3Dten";

    private final Api api = Api.withDefaultNamespace();

    @TempDir
    private Path directory;

    private TestWebhook webhook;

    @BeforeEach
    void start() throws IOException {
        webhook = TestWebhook.start(directory);
    }

    @AfterEach
    void close() {
        webhook.close();
        api.close();
    }

    @Test
    @Conformance("api-webhook-list-validating")
    void denyUntilAllAreGone() {
        webhook.on("/answer", (request, response) -> response.put("allowed", false));
        var path = KINDS + "validatingwebhookconfigurations";
        configureTen(path);
        assertThat(map("denied").is(400).at("message"))
                .isEqualTo("admission webhook \"w.example.com\" denied the request without explanation");

        api.delete(path + SELECTED).is(200);

        assertThat(api.get(path + SELECTED).json().path("items")).isEmpty();
        map("allowed").is(201);
    }

    @Test
    @Conformance("api-webhook-list-mutating")
    void changeObjectsUntilAllAreGone() {
        webhook.on("/answer", TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/changed\",\"value\":\"yes\"}]"));
        var path = KINDS + "mutatingwebhookconfigurations";
        configureTen(path);
        assertThat(map("changed").is(201).at("data.changed")).isEqualTo("yes");

        api.delete(path + SELECTED).is(200);

        assertThat(api.get(path + SELECTED).json().path("items")).isEmpty();
        assertThat(map("same").is(201).at("data")).isEqualTo("{\"key\":\"value\"}");
    }

    private void configureTen(String path) {
        for (int i = 0; i < 10; i++) {
            api.post(path, """
                            metadata: {name: w%d, labels: {set: ten}}
                            webhooks:
                            - name: w.example.com
                              clientConfig: {url: '%s', caBundle: %s}
                              rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [configmaps]}]
                              sideEffects: None
                              admissionReviewVersions: [v1]
                            """.formatted(i, webhook.url("/answer"), webhook.caBundle()))
                    .is(201);
        }
        assertThat(api.get(path + SELECTED).json().path("items")).hasSize(10);
    }

    private Api.Answer map(String name) {
        return api.post(
                "/api/v1/namespaces/default/configmaps", "{metadata: {name: " + name + "}, data: {key: value}}");
    }
}
