package dev.kapal.network.dns;

import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.xbill.DNS.Message;

/// A DNS server on the loopback that answers as it is told; with `null` it stays silent.
final class FakeUpstream implements AutoCloseable {
    private final Life life = new Life("fake-upstream");
    private final DatagramSocket datagrams;
    private final ServerSocket connections;
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger connected = new AtomicInteger();

    FakeUpstream(UnaryOperator<Message> overUdp, UnaryOperator<Message> overTcp) throws IOException {
        var port = Port.free();
        datagrams = life.own(port.datagrams);
        connections = life.own(port.connections);
        life.start("udp", () -> serveUdp(overUdp));
        life.start("tcp", () -> serveTcp(overTcp));
    }

    /// One that nobody else has, neither for UDP nor for TCP.
    private record Port(DatagramSocket datagrams, ServerSocket connections) {
        static Port free() throws IOException {
            var loopback = InetAddress.getLoopbackAddress();
            while (true) {
                var connections = new ServerSocket(0, 50, loopback);
                try {
                    return new Port(new DatagramSocket(connections.getLocalPort(), loopback), connections);
                } catch (BindException taken) {
                    connections.close();
                }
            }
        }
    }

    Upstream upstream() {
        return new Upstream(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), datagrams.getLocalPort()), Time.system());
    }

    private void serveUdp(UnaryOperator<Message> answers) throws IOException {
        while (true) {
            var packet = new DatagramPacket(new byte[4096], 4096);
            try {
                datagrams.receive(packet);
            } catch (SocketException closed) {
                return;
            }
            asked.incrementAndGet();
            var reply = answers.apply(new Message(ByteBuffer.wrap(packet.getData(), 0, packet.getLength())));
            if (reply != null) {
                var bytes = reply.toWire();
                datagrams.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
            }
        }
    }

    private void serveTcp(UnaryOperator<Message> answers) throws IOException {
        while (true) {
            try (var client = connections.accept()) {
                connected.incrementAndGet();
                var in = new DataInputStream(client.getInputStream());
                var bytes = answers.apply(new Message(in.readNBytes(in.readUnsignedShort())))
                        .toWire();
                client.getOutputStream()
                        .write(ByteBuffer.allocate(bytes.length + 2)
                                .putShort((short) bytes.length)
                                .put(bytes)
                                .array());
            } catch (SocketException closed) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        connections.close();
        life.close();
    }
}
