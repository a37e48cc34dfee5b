package dev.kapal.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.network.NetworkConfig;
import dev.kapal.network.TinyApi;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// From an object in the API to an answer.
@Timeout(30)
class ClusterDnsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final TinyApi api = new TinyApi();

    @Test
    void answersFollowTheApiAndTheServiceIsThere() throws Exception {
        api.put(new NamespaceBuilder()
                .withNewMetadata()
                .withName("shop")
                .endMetadata()
                .build());
        try (var client = api.client();
                var informers = TinyApi.informers(client);
                var dns = start(new KubeDnsService(new Api(client), "10.96.0.10", Time.system()), informers)) {
            assertThat(ask(dns.port(), "db.shop.svc.cluster.local").getRcode()).isEqualTo(Rcode.NXDOMAIN);
            api.put(headless());
            api.put(slice("db-0", "10.244.0.5"));
            eventually(() -> answer(dns.port(), "db.shop.svc.cluster.local").equals(Optional.of("10.244.0.5")));
            assertThat(answer(dns.port(), "db-0.db.shop.svc.cluster.local")).contains("10.244.0.5");
            api.put(slice("db-0", "10.244.0.6"));
            eventually(
                    () -> answer(dns.port(), "db-0.db.shop.svc.cluster.local").equals(Optional.of("10.244.0.6")));
            new KubeDnsService(new Api(client), "10.96.0.10", Time.system()).ensure();
            var found = new Api(client).fetch(Service.class, new Key("kube-system", "kube-dns"));
            assertThat(found).map(service -> service.getSpec().getClusterIP()).contains("10.96.0.10");
        }
    }

    private static ClusterDns start(KubeDnsService keeper, Informers informers) throws Exception {
        return ClusterDns.start(
                new InetSocketAddress(LOOPBACK, 0),
                informers,
                NetworkConfig.DEFAULT,
                List::of,
                keeper,
                Time.system(),
                new Metrics());
    }

    private static Service headless() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("db")
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .endSpec()
                .build();
    }

    private static EndpointSlice slice(String hostname, String address) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("db-1")
                .addToLabels("kubernetes.io/service-name", "db")
                .endMetadata()
                .withAddressType("IPv4")
                .addNewEndpoint()
                .withAddresses(address)
                .withHostname(hostname)
                .endEndpoint()
                .build();
    }

    private static void eventually(BooleanSupplier holds) {
        long end = Time.system().nanos() + Duration.ofSeconds(10).toNanos();
        while (!holds.getAsBoolean() && Time.system().nanos() < end) {
            Thread.onSpinWait();
        }
        assertThat(holds.getAsBoolean()).isTrue();
    }

    private static Optional<String> answer(int port, String name) {
        try {
            return ask(port, name).getSection(Section.ANSWER).stream()
                    .map(Record::rdataToString)
                    .findFirst();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static Message ask(int port, String name) throws Exception {
        try (var socket = new DatagramSocket()) {
            socket.connect(LOOPBACK, port);
            socket.setSoTimeout(5000);
            var bytes = AnswersTest.query(name, Type.A).toWire();
            socket.send(new DatagramPacket(bytes, bytes.length));
            var packet = new DatagramPacket(new byte[4096], 4096);
            socket.receive(packet);
            return new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        }
    }
}
