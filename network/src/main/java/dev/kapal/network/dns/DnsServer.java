package dev.kapal.network.dns;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/// Serves DNS over UDP and TCP on one address. Two threads receive; each query runs on a thread of its own. When too
/// many are under way, a further one is answered SERVFAIL at once and a further connection is closed.
final class DnsServer implements AutoCloseable {
    /// What we are ready to receive and to send in one UDP packet, if the other side is too.
    static final int LARGEST_UDP = 4096;

    private static final Log log = Log.of(DnsServer.class);

    private static final int SMALLEST_UDP = 512;
    private static final int LARGEST_TCP = 65_535;
    private static final int MOST_QUERIES = 1000;
    private static final int MOST_CONNECTIONS = 200;
    private static final int IDLE_MILLISECONDS = 10_000;

    /// Answers a query.
    @FunctionalInterface
    interface Handler {
        Message answer(Message query) throws InterruptedException;
    }

    private final Handler handler;
    private final DnsMetrics metrics;
    private static final int ANY_PORT_ATTEMPTS = 10;

    private final DatagramSocket datagrams;
    private final ServerSocket connections;
    private final Semaphore queries = new Semaphore(MOST_QUERIES);
    private final Semaphore clients = new Semaphore(MOST_CONNECTIONS);
    private final Life life = new Life("dns");

    private DnsServer(Handler handler, DnsMetrics metrics, DatagramSocket datagrams, ServerSocket connections) {
        this.handler = handler;
        this.metrics = metrics;
        this.datagrams = datagrams;
        this.connections = connections;
    }

    /// Errors: an address that is taken or not there is an [IOException].
    static DnsServer start(InetSocketAddress address, Handler handler, DnsMetrics metrics) throws IOException {
        int attempts = address.getPort() == 0 ? ANY_PORT_ATTEMPTS : 1;
        while (true) {
            try {
                return bind(address, handler, metrics);
            } catch (BindException taken) {
                attempts--;
                if (attempts == 0) {
                    throw taken;
                }
            }
        }
    }

    private static DnsServer bind(InetSocketAddress address, Handler handler, DnsMetrics metrics) throws IOException {
        // UDP first: with port 0 the system chooses one, and TCP takes the same if it is free there, too.
        var datagrams = new DatagramSocket(address);
        try {
            var connections = new ServerSocket();
            connections.setReuseAddress(true);
            connections.bind(new InetSocketAddress(address.getAddress(), datagrams.getLocalPort()));
            var server = new DnsServer(handler, metrics, datagrams, connections);
            server.life.own(datagrams);
            server.life.own(connections);
            server.life.start("udp", server::receive);
            server.life.start("tcp", server::accept);
            return server;
        } catch (IOException taken) {
            datagrams.close();
            throw taken;
        }
    }

    int port() {
        return datagrams.getLocalPort();
    }

    private void receive() throws IOException {
        while (!datagrams.isClosed()) {
            var packet = new DatagramPacket(new byte[LARGEST_UDP], LARGEST_UDP);
            try {
                datagrams.receive(packet);
            } catch (SocketException closed) {
                return;
            }
            if (queries.tryAcquire()) {
                life.spawn("query", () -> {
                    try {
                        answer(packet);
                    } finally {
                        queries.release();
                    }
                });
            } else {
                overloaded(packet);
            }
        }
    }

    private void answer(DatagramPacket packet) throws IOException, InterruptedException {
        var bytes = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
        var query = parse(bytes);
        if (query == null) {
            send(packet, malformed(packet.getData(), packet.getLength()));
            return;
        }
        if (query.getHeader().getFlag(Flags.QR)) {
            // A reply to somebody. Answering replies is how two servers keep each other busy for ever.
            return;
        }
        var reply = reply("udp", query);
        int room = query.getOPT() == null
                ? SMALLEST_UDP
                : Math.clamp(query.getOPT().getPayloadSize(), SMALLEST_UDP, LARGEST_UDP);
        send(packet, reply.toWire(room));
    }

    /// A fault of ours is an answer too: a client that hears nothing waits five seconds.
    private Message reply(String protocol, Message query) throws InterruptedException {
        try {
            return metrics.measured(protocol, query, handler);
        } catch (RuntimeException fault) {
            log.error("query failed", fault, "question", query.getQuestion());
            return Answers.refusal(query, Rcode.SERVFAIL);
        }
    }

    private void overloaded(DatagramPacket packet) throws IOException {
        var query = parse(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
        if (query != null && !query.getHeader().getFlag(Flags.QR)) {
            send(packet, Answers.refusal(query, Rcode.SERVFAIL).toWire());
        }
    }

    private void send(DatagramPacket to, byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return;
        }
        try {
            datagrams.send(new DatagramPacket(bytes, bytes.length, to.getSocketAddress()));
        } catch (SocketException gone) {
            log.debug("reply not sent", "to", to.getSocketAddress(), "why", gone.getMessage());
        }
    }

    private void accept() throws IOException {
        while (!connections.isClosed()) {
            Socket client;
            try {
                client = connections.accept();
            } catch (SocketException closed) {
                return;
            }
            if (!clients.tryAcquire()) {
                client.close();
                continue;
            }
            life.spawn("connection", () -> {
                try (client) {
                    converse(client);
                } finally {
                    clients.release();
                }
            });
        }
    }

    /// Query after query, until the client closes or falls silent.
    private void converse(Socket client) throws IOException, InterruptedException {
        client.setSoTimeout(IDLE_MILLISECONDS);
        client.setTcpNoDelay(true);
        var in = new DataInputStream(client.getInputStream());
        while (true) {
            byte[] bytes;
            try {
                bytes = in.readNBytes(in.readUnsignedShort());
            } catch (EOFException | SocketTimeoutException | SocketException over) {
                return;
            }
            var query = parse(ByteBuffer.wrap(bytes));
            if (query == null || query.getHeader().getFlag(Flags.QR)) {
                return;
            }
            var reply = reply("tcp", query).toWire(LARGEST_TCP);
            var framed = ByteBuffer.allocate(reply.length + 2)
                    .putShort((short) reply.length)
                    .put(reply);
            try {
                client.getOutputStream().write(framed.array());
            } catch (SocketException gone) {
                return;
            }
        }
    }

    private static Message parse(ByteBuffer bytes) {
        try {
            return new Message(bytes);
        } catch (IOException | RuntimeException malformed) {
            return null;
        }
    }

    /// A reply to what starts like a query and then makes no sense; nothing when there is not even a header.
    private static byte[] malformed(byte[] bytes, int length) throws IOException {
        if (length < Header.LENGTH) {
            return new byte[0];
        }
        var header = new Header(Arrays.copyOf(bytes, Header.LENGTH));
        if (header.getFlag(Flags.QR)) {
            return new byte[0];
        }
        var reply = new Message(header.getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setRcode(Rcode.FORMERR);
        return reply.toWire();
    }

    @Override
    public void close() {
        // Receiving blocks until its socket closes; so the sockets go first.
        datagrams.close();
        try {
            connections.close();
        } catch (IOException alreadyGone) {
            log.debug("closing failed", "why", alreadyGone.getMessage());
        }
        life.close();
    }
}
