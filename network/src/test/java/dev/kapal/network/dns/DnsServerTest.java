package dev.kapal.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.network.NetworkConfig;
import java.io.DataInputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// The protocol, spoken over raw sockets.
@Timeout(30)
class DnsServerTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private DnsServer server;
    private DatagramSocket socket;

    @BeforeEach
    void start() throws Exception {
        var names = new FixedNames().service("shop", "many", "").service("shop", "web", "10.96.0.20");
        for (int i = 1; i <= 100; i++) {
            names.endpoint("shop", "many", "10.244.0." + i, "");
        }
        var random = new Random(1);
        var answers = new Answers(
                new ClusterZone(NetworkConfig.DEFAULT, names), new Forwarder(List::of, Time.system(), random), random);
        var metrics = new DnsMetrics(new Metrics(), Time.system());
        server = DnsServer.start(new InetSocketAddress(LOOPBACK, 0), answers::answer, metrics);
        socket = new DatagramSocket();
        socket.connect(LOOPBACK, server.port());
        socket.setSoTimeout(5000);
    }

    @AfterEach
    void stop() {
        socket.close();
        server.close();
    }

    private byte[] exchange(byte[] query) throws Exception {
        socket.send(new DatagramPacket(query, query.length));
        var packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private Message ask(Message query) throws Exception {
        return new Message(exchange(query.toWire()));
    }

    @Test
    void answersOverUdp() throws Exception {
        var query = AnswersTest.query("web.shop.svc.cluster.local", Type.A);
        var reply = ask(query);
        assertThat(reply.getHeader().getID()).isEqualTo(query.getHeader().getID());
        assertThat(reply.getHeader().getFlag(Flags.QR)).isTrue();
        assertThat(reply.getHeader().getFlag(Flags.RA)).isTrue();
        assertThat(reply.getOPT()).isNull();
        assertThat(reply.getSection(Section.ANSWER).getFirst().rdataToString()).isEqualTo("10.96.0.20");
    }

    @Test
    void whatDoesNotFitIsCutAndTheClientIsTold() throws Exception {
        var reply = ask(AnswersTest.query("many.shop.svc.cluster.local", Type.A));
        assertThat(reply.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(reply.toWire()).hasSizeLessThanOrEqualTo(512);
    }

    @Test
    void aClientThatCanTakeMoreGetsMore() throws Exception {
        var query = AnswersTest.query("many.shop.svc.cluster.local", Type.A);
        query.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        var reply = ask(query);
        assertThat(reply.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(reply.getSection(Section.ANSWER)).hasSize(100);
        assertThat(reply.getOPT().getPayloadSize()).isEqualTo(4096);
    }

    @Test
    void oneTcpConnectionCarriesManyQueries() throws Exception {
        try (var client = new Socket(LOOPBACK, server.port())) {
            client.setSoTimeout(5000);
            var in = new DataInputStream(client.getInputStream());
            for (int i = 0; i < 3; i++) {
                var bytes =
                        AnswersTest.query("many.shop.svc.cluster.local", Type.A).toWire();
                var framed = ByteBuffer.allocate(bytes.length + 2)
                        .putShort((short) bytes.length)
                        .put(bytes);
                client.getOutputStream().write(framed.array());
                var reply = new Message(in.readNBytes(in.readUnsignedShort()));
                assertThat(reply.getSection(Section.ANSWER)).hasSize(100);
            }
        }
    }

    @Test
    void nonsenseIsAMalformedQueryAndRepliesAreIgnored() throws Exception {
        var nonsense = new byte[40];
        nonsense[0] = 0x12;
        nonsense[1] = 0x34;
        nonsense[5] = 1;
        nonsense[12] = 63;
        var reply = new Message(exchange(nonsense));
        assertThat(reply.getHeader().getID()).isEqualTo(0x1234);
        assertThat(reply.getRcode()).isEqualTo(Rcode.FORMERR);

        var answer = AnswersTest.query("web.shop.svc.cluster.local", Type.A);
        answer.getHeader().setFlag(Flags.QR);
        var bytes = answer.toWire();
        socket.send(new DatagramPacket(bytes, bytes.length));
        socket.send(new DatagramPacket(new byte[] {1, 2, 3}, 3));
        // The next answer is the one to this question: there was none to those before.
        var query = AnswersTest.query("web.shop.svc.cluster.local", Type.A);
        assertThat(ask(query).getHeader().getID()).isEqualTo(query.getHeader().getID());
    }
}
