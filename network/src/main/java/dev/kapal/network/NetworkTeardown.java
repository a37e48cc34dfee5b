package dev.kapal.network;

import dev.kapal.base.log.Log;
import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import dev.kapal.linux.Links;
import dev.kapal.linux.NetNs;
import dev.kapal.linux.Nft;
import dev.kapal.network.cni.CniConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Removes all that a node's network made, by name: links, routes, addresses, the table, the pods' network
/// namespaces and the files that remember their addresses. Any thread; blocks. Safe to repeat, and after any
/// crash.
///
/// Each step runs whatever became of the one before; what could not be removed is logged and answered.
public final class NetworkTeardown {
    private static final Log log = Log.of(NetworkTeardown.class);

    /// Where the runtime's CNI library remembers each pod's network, unless told otherwise.
    private static final Path RESULTS = Path.of("/var/lib/cni/results");

    /// The configuration is remembered as the runtime had it, in Base64.
    private static final Pattern CONFIGURATION = Pattern.compile("\"config\"\\s*:\\s*\"([A-Za-z0-9+/=]+)\"");

    private static final Pattern SANDBOX = Pattern.compile("\"sandbox\"\\s*:\\s*\"((?:/var)?/run/netns/[^\"]+)\"");

    private final NetworkConfig config;
    private final Commands commands;
    private final Links links;
    private final NetNs spaces;
    private final Path results;

    NetworkTeardown(NetworkConfig config, Commands commands, NetNs spaces, Path results) {
        this.config = config;
        this.commands = commands;
        this.links = new Links(commands);
        this.spaces = spaces;
        this.results = results;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    /// Removes everything of `config`, and the addresses that host-local keeps below `cniDirectory`.
    /// Answers one sentence for each thing that is still there.
    public static List<String> run(NetworkConfig config, Path cniDirectory) throws InterruptedException {
        return new NetworkTeardown(config, Commands.system(), NetNs.system(), RESULTS).removeAll(cniDirectory);
    }

    List<String> removeAll(Path cniDirectory) throws InterruptedException {
        var left = new ArrayList<String>();
        // The namespaces first: a pod's end of the wire takes the other end along.
        attempt(left, "pod network namespaces", () -> removePodNamespaces(cniDirectory));
        attempt(left, "ports of " + config.bridge(), this::removePorts);
        attempt(left, "link " + config.bridge(), () -> links.delete(config.bridge()));
        attempt(left, "address " + config.dnsAddress(), () -> links.removeAddress("lo", config.dnsAddress() + "/32"));
        attempt(left, "routes", this::removeRoutes);
        attempt(left, "table ip " + config.table(), () -> new Nft(commands).deleteTable("ip", config.table()));
        attempt(left, "firewall exceptions", () -> new ForeignFirewall(config, commands).close());
        attempt(left, "pod addresses", () -> deleteTree(CniConfig.addresses(cniDirectory)));
        attempt(left, "network configuration", () -> deleteTree(cniDirectory.resolve("net.d")));
        return left;
    }

    private static void attempt(List<String> left, String what, Step step) throws InterruptedException {
        try {
            step.run();
        } catch (IOException failure) {
            log.warn("not removed", "what", what, "why", failure.getMessage());
            left.add(what + ": " + failure.getMessage());
        }
    }

    private void removePodNamespaces(Path cniDirectory) throws IOException, InterruptedException {
        if (!Files.isDirectory(results)) {
            return;
        }
        try (var files = Files.newDirectoryStream(results, CniConfig.NETWORK + "-*")) {
            for (var file : files) {
                var result = Files.readString(file);
                if (isOurs(result, cniDirectory)) {
                    for (var namespace : namespace(result).stream().toList()) {
                        spaces.delete(namespace);
                    }
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /// Whether the pod was connected with our configuration: the one that keeps its addresses in our directory. The
    /// results of all clusters on a machine lie side by side, and others may have chosen the same names.
    private static boolean isOurs(String result, Path cniDirectory) {
        var config = CONFIGURATION.matcher(result);
        if (!config.find()) {
            return false;
        }
        try {
            var decoded = new String(Base64.getDecoder().decode(config.group(1)), StandardCharsets.UTF_8);
            return decoded.contains("\"" + CniConfig.addresses(cniDirectory) + "\"");
        } catch (IllegalArgumentException damaged) {
            return false;
        }
    }

    private static Optional<String> namespace(String result) {
        var sandbox = SANDBOX.matcher(result);
        return sandbox.find()
                ? Optional.of(Path.of(sandbox.group(1)).getFileName().toString())
                : Optional.empty();
    }

    private void removePorts() throws IOException, InterruptedException {
        var ports = commands.run(Command.of("ip", "-o", "link", "show", "master", config.bridge()));
        if (!ports.ok()) {
            return;
        }
        for (var line : ports.output().lines().toList()) {
            links.delete(line.split(": ", 3)[1].split("@", 2)[0]);
        }
    }

    private void removeRoutes() throws IOException, InterruptedException {
        for (var range : List.of(config.clusterCidr(), config.serviceCidr())) {
            links.deleteRoute("unreachable", range.toString());
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
