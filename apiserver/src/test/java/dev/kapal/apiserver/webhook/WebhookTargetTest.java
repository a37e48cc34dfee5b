package dev.kapal.apiserver.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.Documents;
import dev.kapal.testkit.FakeTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How a service is found and how its server is told from others.
@Timeout(120)
class WebhookTargetTest {
    /// The longest that the API allows.
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static ObjectNode service() {
        var service = Documents.object();
        service.putObject("spec")
                .put("clusterIP", "192.0.2.1")
                .putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", 443);
        return service;
    }

    /// Ready at `port` of the loopback, which the API would not allow.
    private static ObjectNode endpoints(int port) {
        var endpoints = Documents.object();
        var subset = endpoints.putArray("subsets").addObject();
        subset.putArray("addresses").addObject().put("ip", "127.0.0.1");
        subset.putArray("ports").addObject().put("name", "https").put("port", port);
        return endpoints;
    }

    private static Optional<ObjectNode> find(GroupVersionResource resource, int port) {
        return Optional.of(resource.resource().equals("services") ? service() : endpoints(port));
    }

    private static ObjectNode client(TestWebhook webhook, int port) {
        var client = Documents.object().put("caBundle", webhook.caBundle());
        client.putObject("service")
                .put("namespace", "ns")
                .put("name", "svc")
                .put("path", "/allow")
                .put("port", port);
        return client;
    }

    private static String message(WebhookTarget target) {
        var thrown = new String[1];
        assertThatThrownBy(() -> target.post(Documents.object(), LIMIT))
                .isInstanceOfSatisfying(WebhookFailure.class, failure -> thrown[0] = failure.getMessage());
        return thrown[0];
    }

    @Test
    void aServicesServerMustHaveTheServicesName(@TempDir Path directory) throws Exception {
        try (var life = new Life("test");
                var webhook = TestWebhook.start(directory).on("/allow", TestWebhook.allow())) {
            var services =
                    new ServiceAddresses((resource, namespace, name) -> find(resource, webhook.port()), new Random(1));
            var target = WebhookTarget.of(client(webhook, 443), new Calling(services, life, Time.system()));
            // it is reached at its endpoint, and its certificate is for the address only
            assertThat(message(target))
                    .startsWith("Post \"https://svc.ns.svc:443/allow?timeout=30s\": tls: failed to verify certificate:"
                            + " x509: certificate is not valid for any of the names: No");
            assertThat(message(WebhookTarget.of(client(webhook, 8443), new Calling(services, life, Time.system()))))
                    .isEqualTo("Post \"https://svc.ns.svc:8443/allow?timeout=30s\": no service port 8443 found for"
                            + " service \"svc\"");
        }
    }

    @Test
    void whoeverRefusesTheConnectionIsNamed(@TempDir Path directory) throws Exception {
        try (var life = new Life("test")) {
            var webhook = TestWebhook.start(directory);
            var url = webhook.url("/gone");
            var client = Documents.object().put("url", url).put("caBundle", webhook.caBundle());
            webhook.close();
            var services = new ServiceAddresses((resource, namespace, name) -> Optional.empty(), new Random(1));
            assertThat(message(WebhookTarget.of(client, new Calling(services, life, Time.system()))))
                    .isEqualTo("Post \"" + url + "?timeout=30s\": dial tcp 127.0.0.1:" + webhook.port()
                            + ": connect: connection refused");
        }
    }

    @Test
    void anAnswerThatIsNoneIsTold(@TempDir Path directory) throws Exception {
        try (var life = new Life("test");
                var webhook = TestWebhook.start(directory)) {
            var client = Documents.object().put("url", webhook.url("/none")).put("caBundle", webhook.caBundle());
            var services = new ServiceAddresses((resource, namespace, name) -> Optional.empty(), new Random(1));
            assertThat(message(WebhookTarget.of(client, new Calling(services, life, Time.system()))))
                    .isEqualTo("the server could not find the requested resource");
        }
    }

    private static WebhookTarget allowing(TestWebhook webhook, Life life, Time time) {
        var client = Documents.object().put("url", webhook.url("/allow")).put("caBundle", webhook.caBundle());
        var services = new ServiceAddresses((resource, namespace, name) -> Optional.empty(), new Random(1));
        return WebhookTarget.of(client, new Calling(services, life, time));
    }

    private static boolean allows(WebhookTarget target) throws Exception {
        return target.post(Documents.object(), LIMIT).at("/response/allowed").asBoolean();
    }

    @Test
    void callsThatFollowEachOtherShareAConnection(@TempDir Path directory) throws Exception {
        try (var life = new Life("test");
                var webhook = TestWebhook.start(directory).on("/allow", TestWebhook.allow())) {
            var target = allowing(webhook, life, Time.system());
            for (int i = 0; i < 5; i++) {
                assertThat(allows(target)).isTrue();
            }
            assertThat(webhook.connections()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatTheServerHasClosedIsReplaced(@TempDir Path directory) throws Exception {
        try (var life = new Life("test")) {
            var webhook = TestWebhook.start(directory).on("/allow", TestWebhook.allow());
            var target = allowing(webhook, life, Time.system());
            assertThat(allows(target)).isTrue();
            try (var again = webhook.restart()) {
                assertThat(allows(target)).isTrue();
                assertThat(again.connections()).isEqualTo(1);
            }
        }
    }

    @Test
    void aConnectionThatNobodyWantsIsClosed(@TempDir Path directory) throws Exception {
        var time = new FakeTime();
        try (var life = new Life("test");
                var webhook = TestWebhook.start(directory).on("/allow", TestWebhook.allow())) {
            var target = allowing(webhook, life, time);
            assertThat(allows(target)).isTrue();
            time.advance(KeptConnections.PATIENCE);
            assertThat(allows(target)).isTrue();
            assertThat(webhook.connections()).isEqualTo(2);
        }
    }
}
