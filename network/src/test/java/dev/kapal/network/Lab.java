package dev.kapal.network;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.LogFormat;
import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import dev.kapal.linux.NetNs;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;

/// A node with pods and the world outside, each in a network namespace of the test's own, on the real kernel.
///
///     outside 192.0.2.1 ── 192.0.2.2 node 10.244.0.1 ─┬─ pod 10.244.0.5
///                            default route: outside   └─ pod 10.244.0.6 …
public final class Lab implements AutoCloseable {
    private static final int PATIENCE_MILLISECONDS = 3000;

    private final String prefix = "kt" + ProcessHandle.current().pid() + "-";
    private final Commands root = Commands.system();
    private final NetNs spaces = new NetNs(root);
    private final List<String> made = new ArrayList<>();
    private final Life life = new Life("lab");
    public final String node = prefix + "node";
    public final String outside = prefix + "out";

    /// Errors: where it cannot work the test is skipped, with the reason.
    public static Lab open(Path directory) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "left out: needs root for network namespaces");
        LogFormat.install(Level.WARNING);
        var lab = new Lab();
        try {
            lab.build(directory);
            return lab;
        } catch (Exception failure) {
            lab.close();
            throw failure;
        }
    }

    private void build(Path directory) throws Exception {
        add(node);
        add(outside);
        script("""
                ip -n OUT link add up0 type veth peer name up0 netns NODE
                ip -n OUT address add 192.0.2.1/24 dev up0
                ip -n OUT link set up0 up
                ip -n NODE address add 192.0.2.2/24 dev up0
                ip -n NODE link set up0 up
                ip -n NODE route add default via 192.0.2.1
                """);
        prepareNode(directory);
    }

    public void prepareNode(Path directory) throws IOException, InterruptedException {
        new NodeNetwork(NetworkConfig.DEFAULT, onNode()).prepare(Cidr.parse("10.244.0.0/24"), directory);
    }

    public void tearDownNode(Path directory) throws InterruptedException {
        new NetworkTeardown(NetworkConfig.DEFAULT, onNode(), spaces, directory.resolve("results")).removeAll(directory);
    }

    private void add(String space) throws IOException, InterruptedException {
        spaces.delete(space);
        made.add(space);
        spaces.add(space);
    }

    private void script(String text) throws IOException, InterruptedException {
        var named = text.replace("OUT", outside).replace("NODE", node);
        root.require(Command.of("sh", "-e").reading(named));
    }

    public Commands onNode() {
        return root.inside(node);
    }

    public Commands on(String space) {
        return root.inside(space);
    }

    /// A pod on the node's bridge, wired as the CNI plugin does it.
    public String pod(String address) throws Exception {
        var space = prefix + address.substring(address.lastIndexOf('.') + 1);
        var link = "veth" + address.substring(address.lastIndexOf('.') + 1);
        add(space);
        script("""
                ip -n NODE link add %1$s type veth peer name eth0 netns %2$s
                ip -n NODE link set %1$s master kapal0
                ip netns exec NODE sh -c 'echo 1 > /sys/class/net/%1$s/brport/hairpin_mode'
                ip -n NODE link set %1$s up
                ip -n %2$s address add %3$s/24 dev eth0
                ip -n %2$s link set eth0 up
                ip -n %2$s route add default via 10.244.0.1
                """.formatted(link, space, address));
        return space;
    }

    /// Answers every TCP connection on `port` with the server's name and the client's address, line by line.
    public void serveTcp(String space, int port, String name) throws Exception {
        var server = life.own(NetNs.call(space, () -> new ServerSocket(port)));
        life.start("tcp " + name, () -> {
            while (true) {
                Socket client;
                try {
                    client = server.accept();
                } catch (SocketException closed) {
                    return;
                }
                life.spawn("client", () -> {
                    try (client) {
                        var answer = name + " " + address(client.getInetAddress()) + "\n";
                        while (client.getInputStream().read() >= 0) {
                            client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                        }
                    } catch (SocketException reset) {
                        // The client need not be polite.
                    }
                });
            }
        });
    }

    /// The same over UDP, packet by packet.
    public void serveUdp(String space, int port, String name) throws Exception {
        serveUdp(space, "0.0.0.0", port, name);
    }

    public void serveUdp(String space, String address, int port, String name) throws Exception {
        var server = life.own(NetNs.call(space, () -> new DatagramSocket(port, InetAddress.getByName(address))));
        life.start("udp " + name, () -> {
            while (true) {
                var packet = new DatagramPacket(new byte[512], 512);
                try {
                    server.receive(packet);
                } catch (SocketException closed) {
                    return;
                }
                var answer = (name + " " + address(packet.getAddress())).getBytes(StandardCharsets.UTF_8);
                server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        });
    }

    private static String address(InetAddress address) {
        return address.getHostAddress();
    }

    /// One connection, one question, one answer. Errors: as the socket has them.
    public String ask(String from, String host, int port) throws Exception {
        try (var client = connect(from, host, port)) {
            return client.ask();
        }
    }

    public Client connect(String from, String host, int port) throws Exception {
        return NetNs.call(from, () -> {
            var socket = new Socket();
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLISECONDS);
            socket.setSoTimeout(PATIENCE_MILLISECONDS);
            return new Client(socket);
        });
    }

    /// A connection that can be asked again and again.
    public record Client(Socket socket) implements AutoCloseable {
        public String ask() throws IOException {
            socket.getOutputStream().write('?');
            var answer = new StringBuilder();
            for (int c = socket.getInputStream().read();
                    c != '\n';
                    c = socket.getInputStream().read()) {
                if (c < 0) {
                    throw new IOException("closed by the server after: " + answer);
                }
                answer.append((char) c);
            }
            return answer.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// A socket that sends to one address and keeps its port.
    public UdpClient udp(String from, String host, int port) throws Exception {
        var socket = life.own(NetNs.call(from, () -> new DatagramSocket()));
        socket.connect(new InetSocketAddress(host, port));
        socket.setSoTimeout(PATIENCE_MILLISECONDS);
        return new UdpClient(socket);
    }

    public record UdpClient(DatagramSocket socket) {
        public String ask() throws IOException {
            socket.send(new DatagramPacket(new byte[] {'?'}, 1));
            var packet = new DatagramPacket(new byte[512], 512);
            socket.receive(packet);
            return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws Exception {
        life.close();
        for (var space : made.reversed()) {
            spaces.delete(space);
        }
    }
}
