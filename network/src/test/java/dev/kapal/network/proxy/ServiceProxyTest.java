package dev.kapal.network.proxy;

import static dev.kapal.network.proxy.Objects.at;
import static dev.kapal.network.proxy.Objects.service;
import static dev.kapal.network.proxy.Objects.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.network.Lab;
import dev.kapal.network.NetworkConfig;
import dev.kapal.network.TinyApi;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// From an object in the API to a packet at its endpoint.
@Timeout(60)
class ServiceProxyTest {
    @TempDir
    Path directory;

    private final TinyApi api = new TinyApi();
    private final Life life = new Life("test");

    @AfterEach
    void close() {
        life.close();
    }

    private static EndpointSlice of(String service, EndpointSlice slice) {
        return new EndpointSliceBuilder(slice)
                .editMetadata()
                .withName(service + "-1")
                .addToLabels("kubernetes.io/service-name", service)
                .endMetadata()
                .build();
    }

    @Test
    void followsTheApiFromItsStartToItsEndAndAcrossARestart() throws Exception {
        try (var lab = Lab.open(directory);
                var client = api.client();
                var informers = TinyApi.informers(client)) {
            var pod = lab.pod("10.244.0.5");
            lab.serveTcp(pod, 8080, "one");
            lab.serveTcp(lab.pod("10.244.0.6"), 8080, "two");
            api.put(service("early", "10.96.0.20").build());
            api.put(of("early", tcp(at("10.244.0.5"))));
            try (var proxy = start(lab, client, informers)) {
                eventually(lab, pod, "10.96.0.20", "one ");
                api.put(service("late", "10.96.0.21").build());
                api.put(of("late", tcp(at("10.244.0.6"))));
                eventually(lab, pod, "10.96.0.21", "two ");
                api.put(of("early", tcp(at("10.244.0.6"))));
                eventually(lab, pod, "10.96.0.20", "two ");
                api.remove(service("late", "10.96.0.21").build());
                eventually(lab, pod, "10.96.0.21", "refused");
                assertThat(proxy).isNotNull();
            }
            // The rules outlive the process, and the next one takes them over.
            assertThat(lab.ask(pod, "10.96.0.20", 80)).startsWith("two ");
            api.put(of("early", tcp(at("10.244.0.5"))));
            try (var again = start(lab, client, informers)) {
                eventually(lab, pod, "10.96.0.20", "one ");
                assertThat(again).isNotNull();
            }
        }
    }

    private ServiceProxy start(Lab lab, KubernetesClient client, Informers informers)
            throws IOException, InterruptedException {
        var events = life.own(new EventRecorder(client, "me", Time.system()));
        return ServiceProxy.start(
                informers, "me", NetworkConfig.DEFAULT, events, lab.onNode(), Time.system(), new Metrics());
    }

    private static void eventually(Lab lab, String from, String address, String start) throws Exception {
        var end = Time.system().nanos() + Duration.ofSeconds(10).toNanos();
        String seen;
        do {
            try {
                seen = lab.ask(from, address, 80);
            } catch (IOException refused) {
                seen = "refused";
            }
        } while (!seen.startsWith(start) && Time.system().nanos() < end);
        assertThat(seen).startsWith(start);
    }
}
