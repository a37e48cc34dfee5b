package dev.kapal.network.dns;

import dev.kapal.base.time.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/// Replies of other servers, until they are out of date. Any thread. Bounded: the one unused for longest goes first.
///
/// Source: RFC 2308 for how long a "no" is kept.
final class AnswerCache {
    private static final int CAPACITY = 10_000;
    /// Unit: seconds. No reply is kept longer, whatever it says; a failure much shorter.
    private static final long LONGEST = 30;

    private static final long FAILURE = 5;

    record Question(Name name, int type, boolean dnssec) {}

    private record Kept(Message reply, long atNanos, long seconds) {}

    private final Time time;
    /// Guarded by itself.
    private final Map<Question, Kept> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
            return size() > CAPACITY;
        }
    };

    AnswerCache(Time time) {
        this.time = time;
    }

    /// The reply, its records' remaining time to live counted down.
    Optional<Message> find(Question question) {
        Kept found;
        synchronized (kept) {
            found = kept.get(question);
        }
        if (found == null) {
            return Optional.empty();
        }
        long age = Duration.ofNanos(time.nanos() - found.atNanos).toSeconds();
        return age < found.seconds ? Optional.of(aged(found.reply, age)) : Optional.empty();
    }

    void keep(Question question, Message reply) {
        long seconds = lifetime(reply);
        if (seconds > 0) {
            synchronized (kept) {
                kept.put(question, new Kept(reply, time.nanos(), seconds));
            }
        }
    }

    private static long lifetime(Message reply) {
        int rcode = reply.getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            return FAILURE;
        }
        long seconds = LONGEST;
        for (var record : reply.getSection(Section.ANSWER)) {
            seconds = Math.min(seconds, record.getTTL());
        }
        for (var record : reply.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa) {
                seconds = Math.min(seconds, Math.min(soa.getTTL(), soa.getMinimum()));
            }
        }
        return seconds;
    }

    private static Message aged(Message reply, long age) {
        if (age == 0) {
            return reply;
        }
        var copy = new Message(reply.getHeader().getID());
        copy.getHeader().setRcode(reply.getRcode());
        for (int section = Section.QUESTION; section <= Section.ADDITIONAL; section++) {
            for (var record : reply.getSection(section)) {
                boolean timeless = record instanceof OPTRecord || section == Section.QUESTION;
                copy.addRecord(timeless ? record : withAge(record, age), section);
            }
        }
        return copy;
    }

    private static Record withAge(Record record, long age) {
        long remaining = Math.max(0, record.getTTL() - age);
        return Record.newRecord(
                record.getName(), record.getType(), record.getDClass(), remaining, record.rdataToWireCanonical());
    }
}
