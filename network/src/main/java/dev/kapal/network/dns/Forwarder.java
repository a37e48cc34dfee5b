package dev.kapal.network.dns;

import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// Asks the host's servers about names that are not the cluster's. Any thread; blocks until there is an answer,
/// at most as long as a client waits anyway.
///
/// A question that is being asked already is not asked again: the second one waits for the first. So a server that
/// sends
/// our question back to us, however long the way round, starves after one lap instead of feeding on itself.
final class Forwarder {
    private static final Log log = Log.of(Forwarder.class);

    /// For one server, once. A client gives up after five seconds.
    private static final Duration ATTEMPT = Duration.ofMillis(1500);

    private static final int ATTEMPTS = 3;

    private final Supplier<List<Upstream>> servers;
    private final AnswerCache cache;
    private final RandomGenerator random;
    /// The server that answered last is asked first.
    private final AtomicInteger preferred = new AtomicInteger();

    private final ConcurrentHashMap<AnswerCache.Question, CompletableFuture<Message>> underWay =
            new ConcurrentHashMap<>();

    /// @param servers asked for before each question that goes out; may change over time
    Forwarder(Supplier<List<Upstream>> servers, Time time, RandomGenerator random) {
        this.servers = servers;
        this.cache = new AnswerCache(time);
        this.random = random;
    }

    /// The answer, or one with the code SERVFAIL when there is none to be had.
    Message ask(Record question, boolean dnssec) throws InterruptedException {
        var key = new AnswerCache.Question(question.getName().canonicalize(), question.getType(), dnssec);
        var known = cache.find(key);
        if (known.isPresent()) {
            return known.get();
        }
        var mine = new CompletableFuture<Message>();
        var other = underWay.putIfAbsent(key, mine);
        if (other != null) {
            return await(other, question);
        }
        try {
            var reply = askAll(question, dnssec);
            cache.keep(key, reply);
            mine.complete(reply);
            return reply;
        } finally {
            mine.complete(failure(question));
            underWay.remove(key);
        }
    }

    private static Message await(CompletableFuture<Message> other, Record question) throws InterruptedException {
        try {
            return other.get(ATTEMPT.multipliedBy(ATTEMPTS).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException none) {
            return failure(question);
        }
    }

    /// One server after the other, until one knows: a server that refuses or fails is not the last word while there
    /// is another.
    private Message askAll(Record question, boolean dnssec) {
        var best = failure(question);
        var upstreams = servers.get();
        int first = preferred.get();
        for (int i = 0; i < ATTEMPTS && !upstreams.isEmpty(); i++) {
            int index = Math.floorMod(first + i, upstreams.size());
            var server = upstreams.get(index);
            try {
                best = server.ask(query(question, dnssec), ATTEMPT);
                if (best.getRcode() == Rcode.NOERROR || best.getRcode() == Rcode.NXDOMAIN) {
                    preferred.set(index);
                    return best;
                }
                if (upstreams.size() == 1) {
                    return best;
                }
            } catch (IOException next) {
                log.debug("upstream did not answer", "server", server.address(), "why", next.getMessage());
            }
        }
        return best;
    }

    private Message query(Record question, boolean dnssec) {
        var query = new Message(random.nextInt(1 << 16));
        query.getHeader().setFlag(Flags.RD);
        query.addRecord(question, Section.QUESTION);
        query.addRecord(new OPTRecord(DnsServer.LARGEST_UDP, 0, 0, dnssec ? ExtendedFlags.DO : 0), Section.ADDITIONAL);
        return query;
    }

    private static Message failure(Record question) {
        var reply = new Message();
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setRcode(Rcode.SERVFAIL);
        reply.addRecord(question, Section.QUESTION);
        return reply;
    }
}
