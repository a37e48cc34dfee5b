package dev.kapal.network.dns;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// The server's metrics, under CoreDNS' names. Any thread.
final class DnsMetrics {
    private static final double[] BUCKETS = {0.00025, 0.0005, 0.001, 0.002, 0.004, 0.016, 0.064, 0.256, 1, 4};

    private final Time time;
    private final Metrics.Counter requests;
    private final Metrics.Counter responses;
    private final Metrics.Histogram duration;

    DnsMetrics(Metrics metrics, Time time) {
        this.time = time;
        this.requests = metrics.counter("coredns_dns_requests_total", "Counter of DNS requests made.", "proto", "type");
        this.responses = metrics.counter("coredns_dns_responses_total", "Counter of response status codes.", "rcode");
        this.duration = metrics.histogram(
                "coredns_dns_request_duration_seconds",
                "Histogram of the time (in seconds) each request took.",
                BUCKETS);
        for (int rcode : new int[] {Rcode.NOERROR, Rcode.NXDOMAIN, Rcode.SERVFAIL, Rcode.FORMERR, Rcode.REFUSED}) {
            responses.add(0, Rcode.string(rcode));
        }
    }

    Message measured(String protocol, Message query, DnsServer.Handler handler) throws InterruptedException {
        requests.increment(protocol, type(query));
        long start = time.nanos();
        var reply = handler.answer(query);
        duration.observe((time.nanos() - start) / 1e9);
        responses.increment(Rcode.string(reply.getHeader().getRcode()));
        return reply;
    }

    /// Label values come from a closed set, whatever clients ask for.
    private static String type(Message query) {
        int type = query.getQuestion() == null ? 0 : query.getQuestion().getType();
        return switch (type) {
            case Type.A, Type.AAAA, Type.SRV, Type.PTR, Type.CNAME, Type.TXT, Type.SOA, Type.NS, Type.MX ->
                Type.string(type);
            default -> "other";
        };
    }
}
