package dev.kapal.apiserver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.TreeSet;

/// Under which names and addresses clients reach the server. Pure, but for the machine's own name.
final class ServerNames {
    private ServerNames() {}

    static List<String> of(ApiServerConfig config) {
        var names = new TreeSet<>(List.of(
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local",
                "localhost",
                "127.0.0.1",
                config.advertiseAddress(),
                serviceAddress(config.serviceCidr())));
        try {
            names.add(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException nameless) {
            return List.copyOf(names);
        }
        return List.copyOf(names);
    }

    /// The first address of the range: `10.96.0.0/16` → `10.96.0.1`.
    static String serviceAddress(String cidr) {
        String network = cidr.substring(0, cidr.indexOf('/'));
        int dot = network.lastIndexOf('.');
        return network.substring(0, dot + 1) + (Integer.parseInt(network.substring(dot + 1)) + 1);
    }
}
