package dev.kapal.apiserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;

/// Finds the address under which this machine is reached. Stateless.
public final class AdvertiseAddress {
    /// Any address beyond this machine serves to ask the kernel for the way there; nothing is sent.
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 9);

    private AdvertiseAddress() {}

    /// The address of the interface with the default route; without one, that of any interface but the loopback;
    /// `fallback` on a machine that has no other.
    public static String find(String fallback) {
        return ofDefaultRoute().or(AdvertiseAddress::ofAnyInterface).orElse(fallback);
    }

    private static Optional<String> ofDefaultRoute() {
        try (var socket = new DatagramSocket()) {
            socket.connect(ELSEWHERE);
            InetAddress local = socket.getLocalAddress();
            return local.isAnyLocalAddress() || local.isLoopbackAddress()
                    ? Optional.empty()
                    : Optional.of(local.getHostAddress());
        } catch (IOException | UncheckedIOException noWay) {
            return Optional.empty();
        }
    }

    private static Optional<String> ofAnyInterface() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(Inet4Address.class::isInstance)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .map(InetAddress::getHostAddress)
                    .sorted()
                    .findFirst();
        } catch (SocketException noInterfaces) {
            return Optional.empty();
        }
    }
}
