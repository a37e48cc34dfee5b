package dev.kapal.network.dns;

import dev.kapal.base.time.Time;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/// One DNS server outside of the cluster. Immutable; any thread; blocks for at most the given time.
///
/// Each question goes out from a port and with a number of its own, both random, and only an answer that repeats
/// number and question counts. Source: RFC 5452.
record Upstream(InetSocketAddress address, Time time) {
    private static final int LARGEST = 65_535;

    /// Errors: no answer in time, or none that makes sense, is an [IOException].
    Message ask(Message query, Duration limit) throws IOException {
        var reply = overUdp(query, limit);
        return reply.getHeader().getFlag(Flags.TC) ? overTcp(query, limit) : reply;
    }

    private Message overUdp(Message query, Duration limit) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(address);
            var bytes = query.toWire();
            socket.send(new DatagramPacket(bytes, bytes.length));
            long end = time.nanos() + limit.toNanos();
            var buffer = new byte[LARGEST];
            while (true) {
                int left = (int) Duration.ofNanos(end - time.nanos()).toMillis();
                if (left <= 0) {
                    throw new SocketTimeoutException("no answer from " + address + " within " + limit);
                }
                socket.setSoTimeout(left);
                var packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                var reply = new Message(ByteBuffer.wrap(buffer, 0, packet.getLength()));
                if (matches(query, reply)) {
                    return reply;
                }
            }
        }
    }

    private Message overTcp(Message query, Duration limit) throws IOException {
        try (var socket = new Socket()) {
            int milliseconds = (int) limit.toMillis();
            socket.connect(address, milliseconds);
            socket.setSoTimeout(milliseconds);
            var bytes = query.toWire();
            var framed = ByteBuffer.allocate(bytes.length + 2)
                    .putShort((short) bytes.length)
                    .put(bytes);
            socket.getOutputStream().write(framed.array());
            var in = new DataInputStream(socket.getInputStream());
            var reply = new Message(in.readNBytes(in.readUnsignedShort()));
            if (!matches(query, reply)) {
                throw new IOException("an answer to another question from " + address);
            }
            return reply;
        }
    }

    private static boolean matches(Message query, Message reply) {
        return reply.getHeader().getFlag(Flags.QR)
                && reply.getHeader().getID() == query.getHeader().getID()
                && query.getQuestion().equals(reply.getQuestion());
    }
}
