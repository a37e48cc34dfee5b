package dev.kapal.network;

import dev.kapal.base.log.Log;
import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Makes room for the pods beside a firewall that drops what it does not know, as Docker and ufw set one up. Any
/// thread; blocks; repeating it is harmless.
///
/// No table can allow what another one drops, so the exceptions must stand in the other one. They are made only where
/// its policy is to drop, carry our name, and go with [#close].
final class ForeignFirewall {
    private static final Log log = Log.of(ForeignFirewall.class);

    private static final String MARK = "kapal";

    private final NetworkConfig config;
    private final Commands commands;

    ForeignFirewall(NetworkConfig config, Commands commands) {
        this.config = config;
        this.commands = commands;
    }

    void open() throws IOException, InterruptedException {
        var rules = rules();
        var wanted = new ArrayList<List<String>>();
        if (rules.contains("-P FORWARD DROP")) {
            wanted.add(List.of("FORWARD", "-i", config.bridge()));
            wanted.add(List.of("FORWARD", "-o", config.bridge()));
        }
        if (rules.contains("-P INPUT DROP")) {
            // What pods may reach on the node whatever its firewall says: its DNS server, and redirected services.
            var dns = config.dnsAddress();
            wanted.add(List.of("INPUT", "-i", config.bridge(), "-d", dns, "-p", "udp", "--dport", "53"));
            wanted.add(List.of("INPUT", "-i", config.bridge(), "-d", dns, "-p", "tcp", "--dport", "53"));
            wanted.add(List.of("INPUT", "-i", config.bridge(), "-m", "conntrack", "--ctstate", "DNAT"));
        }
        for (var rule : wanted) {
            allow(rule);
        }
    }

    private void allow(List<String> rule) throws IOException, InterruptedException {
        if (!commands.run(iptables("-C", rule)).ok()) {
            commands.require(iptables("-I", rule));
            log.info("allowed pods in a firewall that drops by default", "rule", String.join(" ", rule));
        }
    }

    void close() throws IOException, InterruptedException {
        for (var rule : rules()) {
            if (rule.startsWith("-A ") && rule.contains("--comment " + MARK + " ")) {
                var words = new ArrayList<>(List.of("iptables", "-w"));
                words.addAll(List.of(rule.replaceFirst("^-A", "-D").split(" ")));
                commands.require(Command.of(words));
            }
        }
    }

    /// The other's rules as iptables shows them; none where there is no iptables, for then nobody has set up any.
    private List<String> rules() throws InterruptedException {
        try {
            var result = commands.run(Command.of("iptables", "-w", "-S"));
            return result.ok() ? result.output().lines().toList() : List.of();
        } catch (IOException missing) {
            return List.of();
        }
    }

    private static Command iptables(String verb, List<String> rule) {
        var words = new ArrayList<>(List.of("iptables", "-w", verb));
        words.addAll(rule);
        words.addAll(List.of("-m", "comment", "--comment", MARK, "-j", "ACCEPT"));
        return Command.of(words);
    }
}
