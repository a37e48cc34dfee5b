package dev.kapal.network.dns;

import dev.kapal.base.time.Time;
import dev.kapal.network.Cidr;
import dev.kapal.network.resolv.ResolvConf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The DNS servers of the host, without ourselves. Any thread.
///
/// The host's file is looked at again from time to time: a laptop that moves to another network takes the cluster
/// along.
final class HostUpstreams implements Supplier<List<Upstream>> {
    private static final int PORT = 53;
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final String ourselves;
    private final Time time;
    private final Supplier<ResolvConf> host;
    private volatile Read last;

    private record Read(List<Upstream> servers, long atNanos) {}

    HostUpstreams(String ourselves, Time time) {
        this(ourselves, time, ResolvConf::ofHost);
    }

    HostUpstreams(String ourselves, Time time, Supplier<ResolvConf> host) {
        this.ourselves = ourselves;
        this.time = time;
        this.host = host;
        this.last = read();
    }

    @Override
    public List<Upstream> get() {
        if (time.nanos() - last.atNanos() > FRESH.toNanos()) {
            // Two threads may both read: the same file, to the same effect.
            last = read();
        }
        return last.servers();
    }

    private Read read() {
        var servers = new ArrayList<Upstream>();
        for (var server : host.get().nameservers()) {
            if (!server.equals(ourselves)) {
                upstream(server, servers);
            }
        }
        return new Read(List.copyOf(servers), time.nanos());
    }

    /// A nameserver is an address; a name could only be looked up by asking ourselves.
    private void upstream(String server, List<Upstream> servers) {
        if (!Cidr.isAddress(server) && server.indexOf(':') < 0) {
            return;
        }
        try {
            servers.add(new Upstream(new InetSocketAddress(InetAddress.getByName(server), PORT), time));
        } catch (UnknownHostException notAnAddress) {
            // The resolver of the host skips such a line too.
        }
    }
}
