package dev.kapal.apiserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Finds the address under which this machine is reached. Stateless.
public final class AdvertiseAddress {
    /// Any address beyond this machine serves to ask the kernel for the way there; nothing is sent.
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 9);

    private AdvertiseAddress() {}

    /// The address of the interface with the default route; `fallback` on a machine without one.
    public static String find(String fallback) {
        try (var socket = new DatagramSocket()) {
            socket.connect(ELSEWHERE);
            InetAddress local = socket.getLocalAddress();
            return local.isAnyLocalAddress() || local.isLoopbackAddress() ? fallback : local.getHostAddress();
        } catch (IOException | UncheckedIOException noWay) {
            return fallback;
        }
    }
}
