package dev.kapal.network.proxy;

import dev.kapal.base.log.Log;
import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import dev.kapal.network.proxy.Rules.UdpFlow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Makes connection tracking forget UDP flows that lead nowhere any more. Runs on the proxy's thread; blocks.
///
/// A UDP "connection" lives as long as packets come, so a busy client would go on sending to an endpoint that has
/// gone, or past a service that has come. TCP connections end by themselves and are left alone.
final class Conntrack {
    private static final Log log = Log.of(Conntrack.class);

    private final Commands commands;
    private boolean complained;

    Conntrack(Commands commands) {
        this.commands = commands;
    }

    /// Forgets what still goes to the backends in `ended`, and what was not redirected to those in `begun`.
    void forget(Collection<UdpFlow> ended, Collection<UdpFlow> begun) throws InterruptedException {
        for (var flow : ended) {
            var words = selection(flow);
            words.addAll(List.of("--dst-nat", flow.backend()));
            delete(words);
        }
        for (var words : begun.stream().map(Conntrack::selection).distinct().toList()) {
            delete(words);
        }
    }

    private static List<String> selection(UdpFlow flow) {
        var words = new ArrayList<>(List.of("conntrack", "-D", "-f", "ipv4", "-p", "udp"));
        if (!flow.address().isEmpty()) {
            words.addAll(List.of("--orig-dst", flow.address()));
        }
        words.addAll(List.of("--orig-port-dst", Integer.toString(flow.port())));
        return words;
    }

    private void delete(List<String> words) throws InterruptedException {
        try {
            // Status 1 with "0 flow entries" means that there was nothing to forget.
            var result = commands.run(Command.of(words));
            if (!result.ok() && !result.errors().contains("0 flow entries")) {
                complain(result.complaint());
            }
        } catch (IOException missing) {
            complain(missing.getMessage());
        }
    }

    private void complain(String why) {
        if (!complained) {
            complained = true;
            log.warn("stale UDP flows may stay until they time out", "why", why);
        }
    }
}
